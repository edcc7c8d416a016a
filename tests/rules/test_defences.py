"""What must not stand in the code at all, because of what somebody could do with it."""

from __future__ import annotations

import ast

from rules.code_read import PACKAGE, ROOT, nodes


def imported() -> set[tuple[str, str]]:
    found = {(place, node.module or "") for place, node in nodes(ast.ImportFrom)}
    return found | {(place, one.name) for place, node in nodes(ast.Import) for one in node.names}


def called(name: str) -> list[str]:
    return [place for place, node in nodes(ast.Call) if name in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))]


def test_nothing_is_handed_to_a_shell_or_run_as_a_program() -> None:
    assert [one for one in imported() if one[1].split(".")[0] in ("pickle", "marshal", "shelve", "code", "codeop")] == []
    assert [place for name in ("eval", "exec", "popen", "system") for place in called(name)] == []
    assert [place for place, node in nodes(ast.keyword) if node.arg in ("shell", "debug")] == []
    # The operator's own scanner; a page of another process draws charts through multiprocessing.
    assert {place for place, module in imported() if module == "subprocess"} == {"casework/files.py"}


def test_no_statement_is_put_together_from_text() -> None:
    """But for migrations, and how the database is told to keep its file, which hold no word of anybody's."""
    told = [(place, node) for name in ("exec_driver_sql", "text", "execute") for place, node in nodes(ast.Call)
            if getattr(node.func, "attr", getattr(node.func, "id", "")) == name
            and place.startswith("store/") and "migrations" not in place]

    assert told
    joined = [ast.unparse(node)[:60] for _, node in told if node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)]
    assert [one for one in joined if "PRAGMA" not in one and "VACUUM" not in one] == []


def test_chance_comes_from_the_system_alone() -> None:
    assert [one for one in imported() if one[1] == "random"] == []
    assert [node for _, node in nodes(ast.Call) if getattr(node.func, "attr", "") == "token_urlsafe"
            and node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value < 12] == []


def test_only_sound_hashes_are_used() -> None:
    names = {one.name for _, node in nodes(ast.ImportFrom) if node.module == "hashlib"
             for one in node.names}

    assert names <= {"sha256", "sha512"}
    assert [one for one in imported() if one[1] in ("crypt", "Crypto")] == []
    assert called("md5") + called("sha1") == []


def test_no_script_of_ours_writes_markup() -> None:
    scripts = list((PACKAGE / "web" / "frontend").glob("*.js"))

    assert scripts
    dangerous = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function")
    assert [(path.name, one) for path in scripts for one in dangerous if one in path.read_text("utf-8")] == []


def test_only_drawings_of_our_own_go_into_a_page_unescaped() -> None:
    unescaped = {path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.html")
                 if "| safe" in path.read_text("utf-8") or "|safe" in path.read_text("utf-8")}

    assert unescaped == {"components/drawing.html", "figures/page.html"}
