"""Whether a folder is on a network drive."""

import sys
from pathlib import Path

import psutil

_NETWORK_TYPES = frozenset(
    [
        "nfs",
        "nfs3",
        "nfs4",
        "cifs",
        "smb",
        "smbfs",
        "smb2",
        "smb3",
        "afpfs",
        "webdav",
        "davfs",
        "davfs2",
        "fuse.sshfs",
        "fuse.davfs",
        "fuse.rclone",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "fuse.glusterfs",
        "lustre",
        "beegfs",
        "gpfs",
    ]
)


def is_network_folder(folder: Path) -> bool:
    """Whether the folder is on a mounted network drive, as far as the system knows.

    A write-ahead log needs shared memory, which works only between processes of one computer.
    """
    resolved = folder.resolve()
    if sys.platform == "win32" and resolved.drive.startswith("\\\\"):
        return True
    best, network = -1, False
    for mount in psutil.disk_partitions(all=True):
        depth = len(Path(mount.mountpoint).parts)
        if depth >= best and resolved.is_relative_to(mount.mountpoint):
            best = depth
            network = mount.fstype.casefold() in _NETWORK_TYPES or "remote" in mount.opts.split(",")
    return network
