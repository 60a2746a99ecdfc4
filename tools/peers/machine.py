"""What the document says of the machine: processor, caches, memory, system. Names of hosts and folders stay out."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

from engine import Unavailable, output

UNKNOWN = "not known here"
INSTRUCTION_SETS = ("avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512_vnni", "avx512_bf16", "amx_int8", "asimd")
FIRST_CPU = Path("/sys/devices/system/cpu/cpu0")


def describe() -> dict[str, str]:
    """A row for each fact."""
    cpuinfo = read(Path("/proc/cpuinfo"))
    flags = instruction_sets()
    return {
        "processor": processor(cpuinfo),
        "logical cores": f"{os.cpu_count()}, {threads_per_core()}",
        "instruction sets": " ".join(name for name in INSTRUCTION_SETS if name in flags) or UNKNOWN,
        "virtual machine": ("yes" if "hypervisor" in flags else "no") if flags else UNKNOWN,
        "caches": ", ".join(caches()) or UNKNOWN,
        "memory": memory(),
        "huge pages": chosen(read(Path("/sys/kernel/mm/transparent_hugepage/enabled"))),
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "load before": load(),
    }


def instruction_sets() -> set[str]:
    """The processor's flags as Linux has them (x86 calls the field one name, ARM another)."""
    cpuinfo = read(Path("/proc/cpuinfo"))
    return set(field(cpuinfo, "flags").split() + field(cpuinfo, "Features").split())


def read(path: Path) -> str:
    """A file of the kernel's, or nothing where there is none."""
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def field(text: str, name: str) -> str:
    """The first value of a name in /proc/cpuinfo."""
    found = re.search(rf"^{name}\s*:\s*(.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def processor(cpuinfo: str) -> str:
    """Its model."""
    model, part = field(cpuinfo, "model name"), field(cpuinfo, "CPU part")
    if not model and part:
        return f"ARM, implementer {field(cpuinfo, 'CPU implementer')}, part {part}"
    if not model:
        try:
            return output(["sysctl", "-n", "machdep.cpu.brand_string"], "sysctl").strip()
        except Unavailable:
            return UNKNOWN
    family, number = field(cpuinfo, "cpu family"), field(cpuinfo, "model")
    return f"{model}, family {family}, model {number}"


def threads_per_core() -> str:
    """How many logical cores share one."""
    siblings = read(FIRST_CPU / "topology" / "thread_siblings_list")
    if not siblings:
        return f"threads a core {UNKNOWN}"
    first, _, last = siblings.partition("-")
    count = int(last) - int(first) + 1 if last else len(siblings.split(","))
    return f"{count} thread{'s' if count > 1 else ''} a core"


def caches() -> list[str]:
    """Level, kind and size of each cache of the first core, and how many cores share it."""
    return [
        f"L{read(index / 'level')} {read(index / 'type').lower()} {read(index / 'size')}iB"
        f" (cores {read(index / 'shared_cpu_list')})"
        for index in sorted((FIRST_CPU / "cache").glob("index*"))
    ]


def memory() -> str:
    """How much there is."""
    kilobytes = field(read(Path("/proc/meminfo")), "MemTotal").removesuffix(" kB")
    return f"{int(kilobytes) / (1 << 20):.1f} GiB" if kilobytes else UNKNOWN


def chosen(setting: str) -> str:
    """Of `always [madvise] never`, the one in brackets."""
    found = re.search(r"\[(\w+)\]", setting)
    return found[1] if found else UNKNOWN


def load() -> str:
    """How many processes ran, on average over a minute, before the measurements: others share the machine."""
    return f"{os.getloadavg()[0]:.2f} processes over the last minute"
