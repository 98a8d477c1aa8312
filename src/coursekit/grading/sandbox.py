"""A room for student code: Linux namespaces and limits, entered by a fork just before it runs that code.

The process that enters sees no network, no process but its own, and of the disk only what it was given to read and
a scratch folder in memory. The kernel's own calls are used, since an already warm process has to keep its memory:
bubblewrap would start a new program. Works as root and, where the kernel lets users have namespaces, as a plain user.
"""

import contextlib
import ctypes
import importlib.util
import os
import re
import resource
import signal
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 2**20

_NEW_MOUNTS, _NEW_CGROUP, _NEW_UTS, _NEW_IPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
_NEW_USER, _NEW_PIDS, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC, _REMOUNT, _BIND, _RECURSIVE, _PRIVATE = (
    *(1, 2, 4, 8, 32, 4096, 16384),
    1 << 18,
)
_DETACH = 2
_ESCAPED = re.compile(r"\\([0-7]{3})")
# What statvfs(3) calls them: nodev, noexec, noatime, nodiratime, relatime.
_MOUNT_FLAGS = {4: _NO_DEVICES, 8: _NO_EXEC, 1024: 1024, 2048: 2048, 4096: 1 << 21}
_DIE_WITH_PARENT, _DUMPABLE, _NO_NEW_PRIVILEGES = 1, 4, 38
_PIVOT_ROOT, _CAPSET = {
    "x86_64": (155, 126),
    "aarch64": (41, 91),
}.get(os.uname().machine if hasattr(os, "uname") else "", (0, 0))
_FIRST_USER, _USERS = 20_000, 40_000
_MOST_FILES = 10_000

_SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives", "ssl/openssl.cnf")
_DEVICES = ("null", "zero", "full", "random", "urandom")


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    seconds : float
        Wall time of one cell; a submission as a whole may take ten times as long.
    megabytes : int
        Memory of the submission's processes, beyond what the warm process had before.
    processes : int
        Processes and threads at once.
    scratch : int
        Megabytes of files, which are kept in memory.
    output : int
        Megabytes of output of one cell.
    grace : float
        Seconds that an interrupted cell has to end by itself.
    """

    seconds: float = 60
    megabytes: int = 1500
    processes: int = 64
    scratch: int = 64
    output: int = 2
    grace: float = 10

    def __post_init__(self) -> None:
        for name, least in (("seconds", 0.1), ("megabytes", 50), ("processes", 8), ("scratch", 1), ("output", 1)):
            if (given := getattr(self, name)) < least:
                raise ValueError(
                    f"a limit of {given} {name} leaves no room to run anything; at least {least} are needed"
                )

    @property
    def total_seconds(self) -> float:
        return 10 * self.seconds


@dataclass(frozen=True)
class Room:
    """What a sandbox shows: folders and files to read, and where the scratch folder appears.

    Parameters
    ----------
    readable : tuple of str
        Absolute paths; everything else on the disk is absent.
    work : str
        Absolute path of the working directory. Nothing of the real folder of that name is visible.
    """

    readable: tuple[str, ...]
    work: str


def why_not() -> str:
    """Why this machine cannot sandbox student code; "" if it can."""
    if not sys.platform.startswith("linux"):
        return f"{sys.platform} has no Linux namespaces"
    if not _PIVOT_ROOT:
        return f"sandboxing is not written for {os.uname().machine} processors"
    child = os.fork()
    if child == 0:
        try:
            _unshare()
        except BaseException:
            os._exit(1)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        return "the kernel refuses namespaces to this user (see unshare(2), sysctl user.max_user_namespaces)"
    return ""


def readable_here(packages: Iterable[str] = (), extra: Iterable[str] = ()) -> tuple[str, ...]:
    """The paths that Python, what is installed for it and these packages live in, and ``extra`` ones.

    The search path is not taken as it is: it may hold the folder that the grader was started in.
    """
    python = [sys.prefix, sys.base_prefix, *map(os.path.realpath, (sys.prefix, sys.base_prefix))]
    etc = [f"/etc/{name}" for name in _ETC]
    paths = {*_SYSTEM, *etc, *python, *extra, *(place for name in packages for place in _places(name))}
    return tuple(sorted(path for path in paths if os.path.lexists(path) and path != "/"))


def _places(package: str) -> list[str]:
    """The folders of an importable package, or a module's file."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    return [*map(str, spec.submodule_search_locations or [])] or ([spec.origin] if spec.has_location else [])  # type: ignore[list-item]


def enter(room: Room, limits: Limits) -> None:
    """Move the calling process (a fork, single-threaded) into the sandbox; returns in a grandchild of it.

    Three processes come of it: the caller, which only waits and exits as the others do; the first process of the
    new process namespace, with which every other one in there ends; and the one that this function returns in.

    Raises
    ------
    OSError
        If the kernel refuses; nothing has been run by then.
    """
    baseline = _memory_in_use()
    # The kernel counts processes by user: each submission is a user of its own.
    user = _FIRST_USER + os.getpid() % _USERS
    root = _unshare()
    _fork_and_mirror()
    _libc("prctl", _DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
    _furnish(room, limits, owner=(user, user) if root else (0, 0))
    _fork_and_mirror()
    _drop_privileges(user if root else None)
    limit(limits, baseline)
    _cap(resource.RLIMIT_NPROC, limits.processes)


def limit(limits: Limits, baseline: tuple[int, int] | None = None) -> None:
    """Set the limits that need no namespace."""
    space, data = baseline or _memory_in_use()
    allowed = limits.megabytes * MEGABYTE
    if sys.platform.startswith("linux"):
        _cap(resource.RLIMIT_AS, space + allowed)
        _cap(resource.RLIMIT_DATA, data + allowed)
    _cap(resource.RLIMIT_FSIZE, limits.scratch * MEGABYTE)
    _cap(resource.RLIMIT_CPU, int(limits.total_seconds) + 1)
    _cap(resource.RLIMIT_NOFILE, 256)
    _cap(resource.RLIMIT_CORE, 0)


def allow_cpu(seconds: float) -> None:
    """Let this process use so many seconds of processor time from now on; the kernel ends it after that."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that forked it ends."""
    if sys.platform.startswith("linux"):
        _libc("prctl", _DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def _cap(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _memory_in_use() -> tuple[int, int]:
    """Bytes of address space and of private data of this process."""
    if not sys.platform.startswith("linux"):
        return 0, 0
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmSize"].split()[0]) * 1024, int(fields["VmData"].split()[0]) * 1024


def _unshare() -> bool:
    """Unshare all namespaces; whether that was done as root, without a user namespace."""
    kinds = _NEW_MOUNTS | _NEW_CGROUP | _NEW_UTS | _NEW_IPC | _NEW_PIDS | _NEW_NET
    user, group = os.getuid(), os.getgid()
    if user == 0:
        try:
            _libc("unshare", kinds)
            return True
        except OSError:
            pass
    _libc("unshare", kinds | _NEW_USER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {user} 1")
    Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    return False


def _fork_and_mirror() -> None:
    """Go on in a child; the parent waits for it and ends as it does."""
    child = os.fork()
    if child == 0:
        return
    _close_all_but_standard()
    status = 1
    while True:
        try:
            pid, waited = os.wait()
        except ChildProcessError:
            break
        if pid == child:
            status = waited
            break
    code = os.waitstatus_to_exitcode(status) if status != 1 else 1
    os._exit(code if code >= 0 else 128 - code)


def _close_all_but_standard() -> None:
    """Let go of the sockets, so that their other ends notice when the child that uses them is gone."""
    os.closerange(3, 4096)


def _furnish(room: Room, limits: Limits, owner: tuple[int, int]) -> None:
    """Build a new root in memory, show in it what may be seen of the old one, and let go of that."""
    # Where links lead has to be asked while their targets are in their places.
    readable = {path: os.path.realpath(path) for path in room.readable}
    _mount(None, "/", None, _RECURSIVE | _PRIVATE)
    # A stage between the roots, from which both are in sight, whatever the old one has at the stage's own place.
    _mount("tmpfs", "/tmp", "tmpfs", _NO_SUID | _NO_DEVICES, "size=4m,mode=755")
    os.mkdir("/tmp/old")
    os.mkdir("/tmp/new")
    _pivot("/tmp", "/tmp/old")
    new = "/new"
    _mount("tmpfs", new, "tmpfs", _NO_SUID | _NO_DEVICES, "size=4m,mode=755")
    for name in ("proc", "dev", "dev/shm", "tmp", "scratch"):
        os.mkdir(f"{new}/{name}")
    _mount(
        "tmpfs",
        f"{new}/scratch",
        "tmpfs",
        _NO_SUID | _NO_DEVICES,
        f"size={limits.scratch}m,nr_inodes={_MOST_FILES},mode=755",
    )
    for name, place in (("tmp", "/tmp"), ("shm", "/dev/shm"), ("work", room.work)):
        if name == "work":
            for path, real in readable.items():
                _show(path, real, new)
        private = f"{new}/scratch/{name}"
        os.mkdir(private, 0o700)
        os.chown(private, *owner)
        os.makedirs(f"{new}{place}", exist_ok=True)
        _bind(private, f"{new}{place}")
    for name in _DEVICES:
        Path(f"{new}/dev/{name}").touch()
        _bind(f"/old/dev/{name}", f"{new}/dev/{name}")
    os.symlink("/proc/self/fd", f"{new}/dev/fd")
    with contextlib.suppress(OSError):  # refused inside some containers; Python gets by without
        _mount("proc", f"{new}/proc", "proc", _NO_SUID | _NO_DEVICES | _NO_EXEC)
    os.chdir("/")
    _libc("umount2", b"/old", _DETACH)
    os.chdir(new)
    _pivot(".", ".")
    _libc("umount2", b".", _DETACH)
    os.chdir("/")
    _mount(None, "/scratch", None, _BIND | _REMOUNT | _READ_ONLY | _NO_SUID | _NO_DEVICES)
    _mount(None, "/", None, _BIND | _REMOUNT | _READ_ONLY | _NO_SUID | _NO_DEVICES)
    os.chdir(room.work)
    socket.sethostname("sandbox")


def _pivot(new: str, old: str) -> None:
    os.chdir(new)
    _libc("syscall", _PIVOT_ROOT, new.encode(), old.encode())
    os.chdir("/" if new != "." else ".")


def _show(path: str, real: str, new: str) -> None:
    """Make one path of the old root readable, at the same place, in the new one."""
    old, target = f"/old{real}", f"{new}{path}"
    if os.path.islink(target) or (os.path.lexists(target) and os.path.samefile(old, target)):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if path in _SYSTEM and os.path.islink(f"/old{path}"):
        os.symlink(os.readlink(f"/old{path}"), target)
        return
    if os.path.isdir(old):
        os.makedirs(target, exist_ok=True)
    else:
        Path(target).touch()
    _bind(old, target)
    for mount in _mounts_below(target):
        _mount(None, mount, None, _BIND | _REMOUNT | _READ_ONLY | _NO_SUID | _kept_flags(mount))


def _mounts_below(target: str) -> list[str]:
    with open("/old/proc/self/mountinfo", encoding="utf-8") as file:
        points = [_ESCAPED.sub(lambda found: chr(int(found[1], 8)), line.split()[4]) for line in file]
    return sorted({point for point in points if point == target or point.startswith(f"{target}/")})


def _kept_flags(mount: str) -> int:
    """The flags a mount has, as mount(2) numbers them; a user namespace must not take them away."""
    has = os.statvfs(mount).f_flag
    return sum(ours for theirs, ours in _MOUNT_FLAGS.items() if has & theirs)


def _bind(source: str, target: str) -> None:
    _mount(source, target, None, _BIND | _RECURSIVE)


def _drop_privileges(user: int | None) -> None:
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _libc("syscall", _CAPSET, header, nothing)
    _libc("prctl", _NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    # A change of user makes /proc/self unreadable to itself.
    _libc("prctl", _DUMPABLE, 1, 0, 0, 0)


def _mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    texts = [text.encode() if text is not None else None for text in (source, target, kind)]
    _libc("mount", *texts, ctypes.c_ulong(flags), options.encode() if options else None, what=target)


def _libc(function: str, *arguments: object, what: str = "") -> None:
    """Call the C library and turn a refusal into an OSError that says which call it was."""
    if getattr(_C, function)(*arguments) < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{function} {what}: {os.strerror(error)}")


_C = ctypes.CDLL(None, use_errno=True)
