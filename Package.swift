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

/// Where headers lie has to be asked for on macOS alone; elsewhere the answer brings a flag that SwiftPM warns of.
#if os(macOS)
  let utf8proc: String? = "libutf8proc"
#else
  let utf8proc: String? = nil
#endif

let package = Package(
  name: "kvtui",
  platforms: [.macOS(.v14)],
  products: [.executable(name: "kvtui", targets: ["kvtui"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
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
    .systemLibrary(
      name: "CUtf8proc", pkgConfig: utf8proc,
      providers: [.apt(["libutf8proc-dev"]), .brew(["utf8proc"])]),
    .systemLibrary(
      name: "CQrencode", pkgConfig: "libqrencode",
      providers: [.apt(["libqrencode-dev"]), .brew(["qrencode"])]),
    .target(name: "CKernels", cSettings: strictC),
    .target(name: "CBuildRecord", cSettings: strictC),
    .target(
      name: "CTerminal", cSettings: strictC + ncursesHeaders, linkerSettings: ncursesLibrary),
    .target(name: "Base", dependencies: ["CJansson"], swiftSettings: strict),
    // The tables lie in the program: nothing has to be found when it runs.
    .target(
      name: "Planner", dependencies: ["Base"],
      resources: [.embedInCode("Data/models.json"), .embedInCode("Data/machines.json")],
      swiftSettings: strict),
    .target(name: "Classroom", dependencies: ["Base"], swiftSettings: strict),
    .target(
      name: "ClassroomServer",
      dependencies: [
        "Base", "Classroom", .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      swiftSettings: strict),
    .target(name: "Kernels", dependencies: ["Base", "CKernels"], swiftSettings: strict),
    .target(name: "Trace", dependencies: ["Base", "CKernels", "Kernels"], swiftSettings: strict),
    .target(
      name: "TinyModel",
      dependencies: [
        "Base", "CKernels", "COniguruma", "CUtf8proc", "Kernels", "Trace",
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: strict),
    .target(name: "Viz", dependencies: ["Base", "Trace"], swiftSettings: strict),
    .target(
      name: "Lessons",
      dependencies: [
        "Base", "CCmark", "Trace", "Viz", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),
    .target(
      name: "Screens", dependencies: ["Base", "Classroom", "Lessons", "Planner", "Trace", "Viz"],
      swiftSettings: strict),
    .target(
      name: "Terminal", dependencies: ["Base", "CTerminal", "Screens", "Viz"],
      swiftSettings: strict),
    .executableTarget(
      name: "kvtui",
      dependencies: [
        "Base", "CBuildRecord", "CQrencode", "Classroom", "ClassroomServer", "Kernels", "Lessons",
        "Planner",
        "Screens", "Terminal", "TinyModel", "Trace", "Viz",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .target(name: "AllocationCounter", cSettings: strictC),
    .executableTarget(
      name: "kvtui-benchmarks",
      dependencies: ["AllocationCounter", "Base", "Kernels", "TinyModel", "Trace", "Viz"],
      path: "Sources/Benchmarks", swiftSettings: strict),
    .target(
      name: "BrokenKernels", dependencies: ["CKernels"], path: "Tests/BrokenKernels",
      cSettings: strictC),
    // A presentation without a presenter, which tools/classroom and the tests of the page drive.
    .executableTarget(
      name: "classroom-driver", dependencies: ["Base", "Classroom", "ClassroomServer"],
      path: "Tests/ClassroomDriver", swiftSettings: strict),
    // What several of the test targets share.
    .target(
      name: "TestSupport", dependencies: ["Base", "Lessons", "TinyModel", "Trace", "Viz"],
      path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "ReferenceKernels", dependencies: ["CKernels"], path: "Tests/ReferenceKernels",
      cSettings: strictC),
    .testTarget(name: "BaseTests", dependencies: ["Base"], swiftSettings: strict),
    .testTarget(
      name: "PlannerTests", dependencies: ["Base", "Planner", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ClassroomTests", dependencies: ["Base", "Classroom"], swiftSettings: strict),
    .testTarget(
      name: "ClassroomServerTests", dependencies: ["Base", "Classroom", "ClassroomServer"],
      swiftSettings: strict),
    .testTarget(
      name: "KvtuiTests",
      dependencies: [
        "Base", "Classroom", "ClassroomServer", "Lessons", "Screens", "TestSupport", "TinyModel",
        "Trace", "Viz", "kvtui",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "TinyModelTests",
      dependencies: [
        "Base", "BrokenKernels", "CKernels", "Kernels", "ReferenceKernels", "TestSupport",
        "TinyModel", "Trace",
      ],
      swiftSettings: strict),
    // No model among them: what a screen shows of a run is a trace's.
    .testTarget(
      name: "TraceTests", dependencies: ["Base", "Kernels", "Trace", "Viz"], swiftSettings: strict),
    .testTarget(
      name: "VizTests", dependencies: ["Base", "TestSupport", "TinyModel", "Trace", "Viz"],
      exclude: ["Snapshots"], swiftSettings: strict),
    .testTarget(
      name: "LessonsTests", dependencies: ["Base", "Lessons", "TestSupport", "Trace"],
      swiftSettings: strict),
    .testTarget(
      name: "ScreensTests",
      dependencies: [
        "Base", "Classroom", "Lessons", "Planner", "Screens", "TestSupport", "Trace", "Viz",
      ],
      exclude: [
        "Follow/Snapshots", "Notes/Snapshots",
        "Snapshots", "Attention/Snapshots", "Conversation/Snapshots", "Faults/Snapshots",
        "Growth/Snapshots", "Home/Snapshots", "Lesson/Snapshots", "Phases/Snapshots",
        "Policies/Snapshots", "Present/Snapshots", "Recordings/Snapshots", "Serving/Snapshots",
        "Speculative/Snapshots",
      ], swiftSettings: strict),
    .testTarget(
      name: "TerminalTests", dependencies: ["Base", "CTerminal", "Terminal", "Viz"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
