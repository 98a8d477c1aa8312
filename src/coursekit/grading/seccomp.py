"""System calls that student code has no use for, and that would get it memory nobody counts, or a place to be root in.

The namespaces already keep it from everything outside. This closes what is left inside: files in memory that live in a
message on its way, shared memory of System V, user namespaces with all privileges and mounts of their own, and calls
that are known for the kernel's mistakes. Refused calls fail as if they were not permitted.
"""

import contextlib
import ctypes
import os
import struct

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_NOT_PERMITTED, _NOT_THERE = 1, 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_NEW_NAMESPACES = 0x7E020080
_OTHER_ABI = 0x40000000

# The number of each call as x86-64 and as arm64 have it.
_REFUSED = {
    "memfd_create": (319, 279),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def forbid_calls() -> None:
    """Refuse these calls to this process and all that come of it, where the kernel can."""
    machine = _MACHINES.get(os.uname().machine)
    if machine is None:
        return
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in _program(*machine))
    held = ctypes.create_string_buffer(code, len(code))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    library = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(AttributeError):
        library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        program = Program(len(code) // 8, ctypes.addressof(held))
        library.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)


def _program(column: int, architecture: int) -> list[tuple[int, int, int, int]]:
    """The filter in the kernel's language: operation, lines to skip if true and if false, operand."""
    refuse, absent = _FAIL | _NOT_PERMITTED, _FAIL | _NOT_THERE
    lines = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if column == 0:
        lines += [(_AT_LEAST, 0, 1, _OTHER_ABI), (_RETURN, 0, 0, refuse)]
    for numbers in _REFUSED.values():
        lines += [(_EQUAL, 0, 1, numbers[column]), (_RETURN, 0, 0, refuse)]
    # Its flags lie in memory, where no filter sees them; without it the C library uses clone.
    lines += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, absent)]
    lines += [(_EQUAL, 0, 3, _CLONE[column]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    lines += [(_ANY_BIT, 0, 1, _NEW_NAMESPACES), (_RETURN, 0, 0, refuse)]
    return [*lines, (_RETURN, 0, 0, _ALLOW)]
