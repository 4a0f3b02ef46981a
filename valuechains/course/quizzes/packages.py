"""A zip with a manifest, the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from valuechains.course import zips

EPOCH = (1980, 1, 1, 0, 0, 0)


def xml(root: Element) -> bytes:
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def manifest(namespace: str, schema: str, version: str) -> tuple[Element, Element]:
    """The manifest of IMS without anything in it yet, and the element that files are named in."""
    root = Element("manifest", {"xmlns": namespace, "identifier": "manifest"})
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = schema
    SubElement(metadata, "schemaversion").text = version
    SubElement(root, "organizations")
    return root, SubElement(root, "resources")


def zipped(files: Mapping[str, bytes]) -> bytes:
    return zips.zipped(files.items(), EPOCH, packed=False)
