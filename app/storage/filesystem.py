"""What kind of place a folder lies on."""

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
    """Whether the folder lies on a mounted network drive, as far as the system tells.

    A write-ahead log needs memory that all its users share, which two computers never have.
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
