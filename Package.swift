// swift-tools-version: 6.2
import Foundation
import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Contraction is off so that no copy of a kernel fuses what another does not: both runs must give
/// the same bits.
let strictC: [CSetting] = [
  .unsafeFlags(["-Wall", "-Wextra", "-Werror", "-O3", "-ffp-contract=off"])
]

/// Homebrew links its ncurses nowhere, because macOS has one of its own without wide characters: where it lies is said here.
let ncursesKeg = ["/opt/homebrew/opt/ncurses", "/usr/local/opt/ncurses"]
  .first { FileManager.default.fileExists(atPath: $0) }
let ncursesHeaders: [CSetting] =
  ncursesKeg.map { [.unsafeFlags(["-I\($0)/include", "-I\($0)/include/ncursesw"])] } ?? []
let ncursesLibrary: [LinkerSetting] =
  (ncursesKeg.map { [.unsafeFlags(["-L\($0)/lib"])] } ?? [])
  + [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo", .when(platforms: [.linux]))]

let package = Package(
  name: "kvtui",
  platforms: [.macOS(.v14)],
  products: [.executable(name: "kvtui", targets: ["kvtui"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CJansson", pkgConfig: "jansson",
      providers: [.apt(["libjansson-dev"]), .brew(["jansson"])]),
    .systemLibrary(
      name: "CCmark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"]), .brew(["cmark"])]),
    .systemLibrary(
      name: "COniguruma", pkgConfig: "oniguruma",
      providers: [.apt(["libonig-dev"]), .brew(["oniguruma"])]),
    .target(name: "CKernels", cSettings: strictC),
    .target(
      name: "CTerminal", cSettings: strictC + ncursesHeaders, linkerSettings: ncursesLibrary),
    .target(
      name: "TinyModel", dependencies: ["CJansson", "CKernels", "COniguruma"],
      swiftSettings: strict),
    .target(name: "Viz", dependencies: ["TinyModel"], swiftSettings: strict),
    .target(
      name: "Lessons",
      dependencies: ["CCmark", "TinyModel", "Viz", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    .target(name: "Terminal", dependencies: ["CTerminal", "Viz"], swiftSettings: strict),
    .executableTarget(
      name: "kvtui",
      dependencies: [
        "Lessons", "TinyModel", "Viz", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(name: "AllocationCounter", cSettings: strictC),
    .executableTarget(
      name: "kvtui-benchmarks", dependencies: ["AllocationCounter", "TinyModel", "Viz"],
      path: "Sources/Benchmarks", swiftSettings: strict),
    .target(
      name: "BrokenKernels", dependencies: ["CKernels"], path: "Tests/BrokenKernels",
      cSettings: strictC),
    .testTarget(
      name: "KvtuiTests", dependencies: ["kvtui", "TinyModel"], swiftSettings: strict),
    .testTarget(
      name: "TinyModelTests", dependencies: ["BrokenKernels", "CKernels", "TinyModel"],
      swiftSettings: strict),
    .testTarget(
      name: "VizTests", dependencies: ["Viz", "TinyModel"], exclude: ["Snapshots"],
      swiftSettings: strict),
    .testTarget(
      name: "LessonsTests", dependencies: ["Lessons", "TinyModel", "Viz"], swiftSettings: strict),
    .testTarget(
      name: "TerminalTests", dependencies: ["Terminal", "CTerminal", "Viz"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
