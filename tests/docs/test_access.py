"""The tables of roles have the roles of the code, and the speeds of guessing are those of the limiter."""

from jobyard.models.documents.project import rights_of
from jobyard.models.permissions import ADMINISTERS, DEFAULT_ROLES, READS, WRITES
from jobyard.resolvers.accounts import rate_limit
from jobyard.resolvers.accounts.sign_in import PROGRAM_LIFETIME

from .pages import page, rows

ACCESS = page("docs/access.md")


def test_it_has_every_role_that_comes_with_the_server() -> None:
    written = [name.strip("` ") for cell, _ in rows(ACCESS, "Role") for name in cell.split(",")]
    assert sorted(written) == sorted(role.name for role in DEFAULT_ROLES)


def test_roles_allow_what_it_says() -> None:
    by_text = {
        name.strip("` "): text.partition(":")[0].partition(",")[0]
        for cell, text in rows(ACCESS, "Role")
        for name in cell.split(",")
    }
    methods = {"everything": READS | WRITES | ADMINISTERS, "everything else": READS | WRITES, "read": READS}
    assert {role.name: role.methods for role in DEFAULT_ROLES} == {
        name: methods[text] for name, text in by_text.items()
    }


def test_roles_of_projects_are_those_of_the_code() -> None:
    written = [cell.strip("`") for cell, _ in rows(page("docs/workflows.md"), "Role in the project")]
    assert [len(rights_of(role)) for role in written] == [1, 2, 3, 4]


def test_guessing_is_as_slow_as_it_says() -> None:
    minutes, days = rate_limit.WINDOW // 60_000, rate_limit.REMEMBERED // (24 * 3600 * 1000)
    said = " ".join(ACCESS.split())
    assert rate_limit.FREE == 5 and "after five failures by 1 s" in said
    assert f"{rate_limit.LONGEST_WAIT // 1000} s at most, until a quarter of an hour" in said
    assert rate_limit.QUIET == 15 * 60 * 1000
    assert f"within the last {days} days waits {rate_limit.LONGEST_WAIT_OF_KNOWN // 1000} s at most" in said
    assert minutes == 5 and f"with {rate_limit.MOST_OF_ACCOUNT} failures from new addresses within five minutes" in said
    assert f"an address with {rate_limit.MOST_OF_ADDRESS} failures" in said
    assert f"at most {PROGRAM_LIFETIME // 1000} s" in said
