package import Base

/// Why phones cannot be served.
package enum ServerError: Error, Equatable {
  /// `--serve` has something else than `[HOST:]PORT`.
  case badAddress(String)
  /// A host's name leads nowhere.
  case unknownHost(String)
  /// The address is another machine's, taken, or not allowed.
  case cannotListen(ServeAddress, SystemFailure)
  /// The folder of the socket behind the guard cannot be made.
  case noFolder(String, SystemFailure)
}

extension ServerError: Explained {
  /// 64 for an address that cannot be meant, else 70.
  package var status: Int32 {
    switch self {
    case .badAddress, .unknownHost: ExitStatus.usage.rawValue
    case .cannotListen, .noFolder: ExitStatus.internalError.rawValue
    }
  }

  /// What is wrong, and the way out.
  package func message(_ language: Language) -> String? {
    switch self {
    case .badAddress(let text):
      language(
        "--serve 的 \(text.clipped) 不是地址：请写端口（如 8080），或主机加端口（如 192.168.1.5:8080、[::1]:8080）",
        "--serve \(text.clipped) is no address: give a port (8080), or a host and a port "
          + "(192.168.1.5:8080, [::1]:8080)")
    case .unknownHost(let host):
      language(
        "--serve：找不到主机 \(host.clipped)：请改用这台机器的 IP 地址（ip addr 会列出）",
        "--serve: there is no host \(host.clipped): give an address of this machine (ip addr lists them)"
      )
    case .cannotListen(let address, let reason):
      language(
        "不能在 \(address.description.clipped) 上接受连接（\(reason.reason(language))）："
          + "请换一个端口，或换成这台机器自己的地址",
        "cannot listen on \(address.description.clipped) (\(reason.reason(language))): "
          + "choose another port, or an address of this machine")
    case .noFolder(let path, let reason):
      language(
        "不能建立临时文件夹 \(path.clipped)（\(reason.reason(language))）：请把 TMPDIR 设为可写的文件夹",
        "cannot make the temporary folder \(path.clipped) (\(reason.reason(language))): "
          + "set TMPDIR to a folder that can be written")
    }
  }
}
