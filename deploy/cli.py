"""The `spojka` command: what there is, and where it lives (deploy/commands/). Started by the launcher at the root.

A command's module is imported only when it runs, so help is quick.
"""

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(
    name="spojka",
    help="Organisations that help the same people, working together without giving up their own records.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Folder of the demonstration; without it .spojka/demo.")
]
NodeToml = Annotated[
    Path | None, typer.Option("--node", metavar="NODE.toml", help="The node; without it the demonstration's.")
]


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play the story, check it, stop.")] = False,
    data: Data = None,
) -> None:
    """Start the hub and five organisations on this machine and play their story."""
    from deploy.commands.demo import demo

    _leave(demo(once=once, data=data))


@app.command()
def test(
    context: typer.Context,
    suites: Annotated[list[str] | None, typer.Argument(metavar="SUITE", help="One or more of the above.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Nothing may be left out or skipped.")] = False,
    shots: Annotated[
        Path | None, typer.Option("--shots", metavar="DIR", help="Pictures of every page, taken by the suite browser.")
    ] = None,
) -> None:
    """Run the tests; without a name, all that this machine can run.

    Suites: unit, contract, integration, network, browser, faults. What follows `--` goes to pytest.
    """
    from deploy.commands.test import test

    _leave(test(suites=tuple(suites or ()), everything=everything, pytest=context.obj, shots=shots))


@app.command()
def up(
    node: Annotated[Path, typer.Argument(metavar="NODE.toml", help="Settings of the node.")],
    service: Annotated[str | None, typer.Option(help="This service alone, for one container each.")] = None,
) -> None:
    """Run one node of a real network."""
    from deploy.commands.up import up

    _leave(up(node_toml=node, service=service))


@app.command()
def rebuild(
    service: Annotated[str, typer.Argument(help="The service that owns the read model.")],
    projection: Annotated[str | None, typer.Argument(help="One of its projections; without it all.")] = None,
    node: NodeToml = None,
    data: Data = None,
) -> None:
    """Build a read model beside the one in use, and switch."""
    from deploy.commands.rebuild import rebuild

    _leave(rebuild(service=service, projection=projection, node_toml=node, data=data))


@app.command()
def replay(
    service: Annotated[str, typer.Argument(help="The service whose reactions failed.")],
    node: NodeToml = None,
    data: Data = None,
) -> None:
    """Act again on the events a service's reactions could not act on."""
    from deploy.commands.replay import replay

    _leave(replay(service=service, node_toml=node, data=data))


@app.command()
def verify(node: NodeToml = None, data: Data = None) -> None:
    """Check the hash chain of every log."""
    from deploy.commands.verify import verify

    _leave(verify(node_toml=node, data=data))


@app.command()
def doctor(node: NodeToml = None, data: Data = None) -> None:
    """Say what is wrong with a node, and what to do about it."""
    from deploy.commands.doctor import doctor

    _leave(doctor(node_toml=node, data=data))


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="One or more of the above; without a name, all.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Ends within a minute, without across and pages; rougher figures.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One object on standard output.")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="Write the page docs/benchmarks.md to this file.")
    ] = None,
) -> None:
    """Measure the speeds that matter, beside a yardstick in the same run; all of it takes half an hour.

    Names: append, bus, project, rebuild, relay, across, seal, growth, hub, pages, or one row of them, as append-limit.
    Ends with 1 when a goal is missed.
    """
    from deploy.commands.bench import bench

    _leave(bench(names=tuple(names or ()), quick=quick, as_json=as_json, page=report))


@app.command()
def faults(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="FAULT", help="F1 to F15, or soak; without a name, the whole matrix.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Those of every test run, shorter.")] = False,
    minutes: Annotated[float, typer.Option(help="How long the soak lasts.")] = 60,
    seed: Annotated[int | None, typer.Option(help="Of the soak: the same faults in the same order.")] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="Write what was found into its place in this page.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One object on standard output.")] = False,
) -> None:
    """Break real servers on purpose, and check what is promised. As root for all of it."""
    from deploy.commands.faults import faults, soak

    if names == ["soak"]:
        _leave(soak(minutes=minutes, seed=seed, page=report, as_json=as_json))
    _leave(faults(names=tuple(names or ()), fast=fast, as_json=as_json, page=report))


node = typer.Typer(help="Make a node of a real network.", no_args_is_help=True)
app.add_typer(node, name="node")


@node.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Where the node is to live; nothing may be there yet.")],
    code: Annotated[str, typer.Option(help="Short name of the organisation.")] = "pristav",
    name: Annotated[str, typer.Option(help="Its full name.")] = "Přístav, z. s.",
    kind: Annotated[
        str, typer.Option(help="What it is, e.g. ngo_service, municipality, ospod, school.")
    ] = "ngo_service",
    containers: Annotated[bool, typer.Option("--containers", help="For deploy/docker/compose.yaml.")] = False,
) -> None:
    """Make the folder of a node: keys, passwords, settings to edit, the first token."""
    from deploy.commands.node import new

    _leave(new(folder, code=code, name=name, kind=kind, containers=containers))


@node.command()
def databases(node: Annotated[Path, typer.Argument(metavar="NODE.toml", help="Settings of the node.")]) -> None:
    """Make the node's databases and their owner on your PostgreSQL server.

    SPOJKA_POSTGRES_ADMIN_URL is the address of a superuser, e.g. postgresql://postgres:…@localhost/postgres
    """
    from deploy.commands.node import databases

    _leave(databases(node))


user = typer.Typer(help="Let people into a node.", no_args_is_help=True)
app.add_typer(user, name="user")


@user.command()
def invite(
    node: Annotated[Path, typer.Argument(metavar="NODE.toml", help="Settings of the node; it must be running.")],
    name: Annotated[str, typer.Option(help="The person's name, as colleagues see it.")],
    login: Annotated[str, typer.Option(help="What they sign in by: small letters, digits, dots, dashes.")],
    role: Annotated[list[str], typer.Option(help="One or more, e.g. node_administrator, team_leader.")],
    team: Annotated[str | None, typer.Option(help="Their team, if any.")] = None,
) -> None:
    """Make an account and print the single-use link with which its person sets how to sign in."""
    from deploy.commands.user import invite

    _leave(invite(node, name=name, login=login, roles=tuple(role), team=team))


@app.command(hidden=True)
def asyncapi() -> None:
    """Write the AsyncAPI documents of all services to docs/asyncapi/."""
    from deploy.commands.asyncapi import asyncapi

    _leave(asyncapi())


def main() -> NoReturn:
    """Split off what belongs to pytest, and tell a server's failure as a sentence, not as a trace."""
    arguments = sys.argv[1:]
    rest: list[str] = []
    if "--" in arguments:
        cut = arguments.index("--")
        arguments, rest = arguments[:cut], arguments[cut + 1 :]
    try:
        app(arguments, obj=tuple(rest), prog_name="./spojka")
    except Exception as error:
        from libs.servers import ServerFailed
        from libs.service import SettingsMistake

        if not isinstance(error, ServerFailed | SettingsMistake):
            raise
        print(f"spojka: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(0)


def _leave(status: int) -> NoReturn:
    raise typer.Exit(status)


if __name__ == "__main__":
    main()
