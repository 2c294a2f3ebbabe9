"""Errors of authentication, permissions, accounts, groups and roles."""

from .problem import Problem


class NotSignedIn(Problem):
    code = "NOT_SIGNED_IN"
    status = 401

    def __init__(self) -> None:
        super().__init__(
            "You are not signed in, or not any more. POST /login and the mutation `login` give a token, and "
            "`jobyard login` prints one: send it as `Authorization: Bearer`, as the cookie `token` or as `?token=`."
        )


class SignInRefused(Problem):
    """The same error for an unknown account, a disabled account and a wrong password."""

    code = "SIGN_IN_REFUSED"
    status = 401

    def __init__(self) -> None:
        super().__init__("Invalid credentials. Ask an administrator for a new password if yours is lost.")


class TooManyAttempts(Problem):
    code = "TOO_MANY_ATTEMPTS"
    status = 429
    retry = True

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts to sign in. Try again in {seconds} s.", seconds=seconds)


class NotAllowed(Problem):
    code = "NOT_ALLOWED"
    status = 403

    def __init__(self, method: str, roles: list[str]) -> None:
        super().__init__(
            f"You may not {method}. Ask an administrator for a role that allows it: {', '.join(roles)}.",
            method=method,
            roles=list(roles),
        )


class GrantExceedsOwn(Problem):
    code = "NOT_YOURS_TO_GIVE"
    status = 403

    def __init__(self, method: str) -> None:
        super().__init__(
            f"This would give, or take over, what you do not have yourself: {method}. Ask an administrator to do it.",
            method=method,
        )


class OriginRefused(Problem):
    code = "ORIGIN_REFUSED"
    status = 403

    def __init__(self, origin: str) -> None:
        super().__init__(
            f"A page of '{origin}' may not send this request with your credentials. The option --origin of the "
            "server allows origins.",
            origin=origin,
        )


class HostRefused(Problem):
    code = "HOST_REFUSED"
    status = 403

    def __init__(self, host: str) -> None:
        super().__init__(
            f"This server has no name '{host}'. Without sign-in it answers to 127.0.0.1 and localhost alone.", host=host
        )


class AccountNotFound(Problem):
    code = "ACCOUNT_NOT_FOUND"
    status = 404

    def __init__(self, account: str) -> None:
        super().__init__(f"Cannot find account '{account}'. See the query `accounts`.", account=account)


class GroupNotFound(Problem):
    code = "GROUP_NOT_FOUND"
    status = 404

    def __init__(self, group: str) -> None:
        super().__init__(f"Cannot find group '{group}'. See the query `groups`.", group=group)


class RoleNotFound(Problem):
    code = "ROLE_NOT_FOUND"
    status = 404

    def __init__(self, role: str) -> None:
        super().__init__(f"Cannot find role '{role}'. See the query `roles`.", role=role)


class RoleIsDefault(Problem):
    code = "ROLE_IS_DEFAULT"
    status = 409

    def __init__(self, role: str) -> None:
        super().__init__(
            f"Role '{role}' comes with the server and cannot be changed: remove the role from accounts, or "
            "create another role.",
            role=role,
        )
