"""Who is told of a lead."""

from __future__ import annotations

from collections.abc import Iterable

from bot.leads.model import Host


def recipients(municipality: str | None, hosts: Iterable[Host]) -> tuple[Host, ...]:
    """The municipality's hosts; where none has joined (or no municipality is named), the coordinators."""
    everybody = tuple(hosts)
    own = tuple(host for host in everybody if host.role == "host" and host.municipality == municipality)
    return own if municipality and own else tuple(host for host in everybody if host.role == "coordinator")


def may_see(host: Host, municipality: str | None) -> bool:
    """The one rule of who may see and handle a lead of this municipality."""
    return host.role == "coordinator" or (municipality is not None and host.municipality == municipality)
