"""PATH → submissions → packages, rule by rule, as the contract's "Command line" has them."""

import os
import zipfile
from pathlib import Path

import pytest

from flows.intake import IntakeError, Limits, Submission, collect, safe_id, shown, survey
from schemas.package import Package
from schemas.vocabulary import Outcome


def put(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def pack(path: Path, *members: tuple[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return path


def taken(path: Path, work: Path, **limits: int) -> Package:
    (one,) = survey(path, "one").submissions
    work.mkdir(exist_ok=True)
    return collect(one, work, Limits(**limits))


def paths(package: Package) -> list[str]:
    return [file.path for file in package.files]


def test_a_file_is_one_submission_named_without_its_ending(tmp_path: Path) -> None:
    found = survey(put(tmp_path / "甲公司申报书.docx"))
    assert not found.batch
    assert [(one.id, one.name) for one in found.submissions] == [("甲公司申报书", "甲公司申报书")]


def test_folders_and_archives_are_a_batch(tmp_path: Path) -> None:
    put(tmp_path / "乙公司" / "申报书.docx")
    pack(tmp_path / "甲公司.zip", ("申报书.txt", "x"))
    found = survey(tmp_path)
    assert found.batch
    assert [one.id for one in found.submissions] == ["乙公司", "甲公司"]


def test_only_documents_are_one_submission(tmp_path: Path) -> None:
    put(tmp_path / "申报书.docx")
    put(tmp_path / "清单.xlsx")
    found = survey(tmp_path)
    assert not found.batch
    assert [one.id for one in found.submissions] == [tmp_path.name]


@pytest.mark.parametrize("other", ["附件/清单.xlsx", "附件.zip"])
def test_documents_beside_folders_or_archives_are_an_open_question(tmp_path: Path, other: str) -> None:
    put(tmp_path / "申报书.docx")
    put(tmp_path / other)
    with pytest.raises(IntakeError, match=r"--one(.|\n)*--batch"):
        survey(tmp_path)


def test_one_and_batch_settle_it(tmp_path: Path) -> None:
    put(tmp_path / "申报书.docx")
    put(tmp_path / "附件" / "清单.xlsx")
    assert [one.id for one in survey(tmp_path, "one").submissions] == [tmp_path.name]
    assert [one.id for one in survey(tmp_path, "batch").submissions] == ["申报书", "附件"]


def test_a_path_that_is_not_there_is_said_by_name(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"没有的文件\.docx"):
        survey(tmp_path / "没有的文件.docx")


def test_a_file_cannot_be_a_batch(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="--batch 只用于文件夹"):
        survey(put(tmp_path / "申报书.docx"), "batch")


def test_an_empty_folder_is_a_submission_without_files(tmp_path: Path) -> None:
    folder = tmp_path / "空"
    folder.mkdir()
    assert [one.id for one in survey(folder).submissions] == ["空"]
    assert taken(folder, tmp_path / "work").files == ()


def test_litter_counts_as_nothing_and_is_listed(tmp_path: Path) -> None:
    folder = tmp_path / "甲"
    for name in ("申报书.docx", "Thumbs.db", ".DS_Store", "~$申报书.docx", "__MACOSX/._申报书.docx"):
        put(folder / name)
    package = taken(folder, tmp_path / "work")
    assert paths(package) == ["申报书.docx"]
    assert package.skipped == (".DS_Store", "Thumbs.db", "__MACOSX/._申报书.docx", "~$申报书.docx")


def test_litter_beside_folders_leaves_a_batch_a_batch(tmp_path: Path) -> None:
    put(tmp_path / "甲" / "申报书.docx")
    put(tmp_path / "Thumbs.db")
    found = survey(tmp_path)
    assert (found.batch, found.skipped) == (True, ("Thumbs.db",))


def test_our_own_output_is_no_submission(tmp_path: Path) -> None:
    put(tmp_path / "甲" / "申报书.docx")
    put(tmp_path / "chushen-out" / "batch.json")
    found = survey(tmp_path, leave_out=tmp_path / "chushen-out")
    assert [one.id for one in found.submissions] == ["甲"]


def test_two_of_one_name_get_a_suffix(tmp_path: Path) -> None:
    put(tmp_path / "甲公司" / "申报书.docx")
    pack(tmp_path / "甲公司.zip", ("申报书.txt", "x"))
    assert sorted(one.id for one in survey(tmp_path).submissions) == ["甲公司", "甲公司-2"]


@pytest.mark.parametrize(
    ("name", "ident"),
    [
        ("a<b>:c", "a_b__c"),
        ("..", "未命名"),
        ("con", "con_"),
        ("昆明\u202e试验", "昆明_试验"),
        ("末尾. ", "末尾"),
        ("长" * 200, "长" * 50),
    ],
)
def test_an_id_is_fit_for_a_file_name(name: str, ident: str) -> None:
    assert safe_id(name) == ident


def test_gbk_names_on_disk_are_read_as_written() -> None:
    assert shown(os.fsdecode("建设方案.docx".encode("gb18030"))) == "建设方案.docx"


def test_files_are_in_the_order_a_person_counts(tmp_path: Path) -> None:
    folder = tmp_path / "甲"
    for name in ("附件10.docx", "附件2.docx", "附件1.docx"):
        put(folder / name)
    assert paths(taken(folder, tmp_path / "work")) == ["附件1.docx", "附件2.docx", "附件10.docx"]


def test_the_digest_knows_neither_names_nor_folders_nor_packing(tmp_path: Path) -> None:
    put(tmp_path / "甲" / "a.txt", "一")
    put(tmp_path / "甲" / "b.txt", "二")
    put(tmp_path / "乙" / "附件" / "1.txt", "二")
    put(tmp_path / "乙" / "2.txt", "一")
    pack(tmp_path / "丙.zip", ("x.txt", "一"), ("y.txt", "二"))
    digests = {taken(tmp_path / name, tmp_path / "work").sha256 for name in ("甲", "乙", "丙.zip")}
    assert len(digests) == 1


def test_an_archive_is_unpacked_without_its_own_name(tmp_path: Path) -> None:
    archive = pack(tmp_path / "甲公司.zip", ("申报书.txt", "一"), ("附件/清单.txt", "二"))
    package = taken(archive, tmp_path / "work")
    assert paths(package) == ["申报书.txt", "附件/清单.txt"]
    assert [Path(file.stored).read_text(encoding="utf-8") for file in package.files] == ["一", "二"]


def test_a_folder_packed_whole_loses_the_folder_too(tmp_path: Path) -> None:
    archive = pack(tmp_path / "甲公司.zip", ("甲公司/", ""), ("甲公司/申报书.txt", "一"))
    assert paths(taken(archive, tmp_path / "work")) == ["申报书.txt"]


def test_a_nested_archive_is_listed_beside_its_members(tmp_path: Path) -> None:
    inner = pack(tmp_path / "附件.zip", ("清单.txt", "二"))
    folder = tmp_path / "甲"
    put(folder / "申报书.txt")
    inner.rename(folder / "附件.zip")
    package = taken(folder, tmp_path / "work")
    assert [(file.path, file.container) for file in package.files] == [
        ("申报书.txt", False),
        ("附件.zip", True),
        ("附件.zip/清单.txt", False),
    ]


def test_gbk_names_in_an_archive_are_read_as_written(tmp_path: Path) -> None:
    plain = pack(tmp_path / "甲.zip", ("AAAAAAAA.txt", "x")).read_bytes()
    (tmp_path / "甲.zip").write_bytes(plain.replace(b"AAAAAAAA", "建设方案".encode("gb18030")))
    assert paths(taken(tmp_path / "甲.zip", tmp_path / "work")) == ["建设方案.txt"]


def test_an_archive_that_cannot_be_opened_is_one_file_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "甲.zip").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    (file,) = taken(tmp_path / "甲.zip", tmp_path / "work").files
    assert (file.path, file.container) == ("甲.zip", False)
    assert file.refused is Outcome.CORRUPT


def test_an_archive_with_a_member_that_climbs_out_is_refused_and_written_nowhere(tmp_path: Path) -> None:
    archive = pack(tmp_path / "甲.zip", ("../../逃.txt", "x"), ("好.txt", "y"))
    (file,) = taken(archive, tmp_path / "work").files
    assert (file.path, file.refused, file.stored) == ("甲.zip", Outcome.UNSAFE, "")
    assert not list(tmp_path.rglob("逃*"))


def test_a_link_out_of_the_package_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "秘密.txt", "别人的")
    put(tmp_path / "秘密夹" / "x.txt")
    folder = tmp_path / "甲"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "秘密.txt")
    (folder / "b").symlink_to(tmp_path / "秘密夹")
    package = taken(folder, tmp_path / "work")
    assert [(file.path, file.refused, file.stored) for file in package.files] == [
        ("a.txt", Outcome.UNSAFE, ""),
        ("b", Outcome.UNSAFE, ""),
    ]


@pytest.mark.parametrize(
    ("limits", "said"), [({"file_bytes": 3}, "文件大小"), ({"files": 0}, "文件数"), ({"package_bytes": 3}, "总大小")]
)
def test_over_a_limit_is_said_and_not_stored(tmp_path: Path, limits: dict[str, int], said: str) -> None:
    put(tmp_path / "甲" / "a.txt", "12345")
    (file,) = taken(tmp_path / "甲", tmp_path / "work", **limits).files
    assert (file.refused, file.stored) == (Outcome.LIMIT, "")
    assert said in file.message


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    folder = tmp_path / "甲"
    folder.mkdir()
    os.mkfifo(folder / "管道.txt")
    (file,) = collect(Submission(id="甲", name="甲", path=str(folder)), tmp_path / "work", Limits()).files
    assert file.refused is Outcome.UNSUPPORTED


def test_an_archive_says_what_became_of_its_files(tmp_path: Path) -> None:
    zeros = "\0" * (3 << 20)
    for name, members in (
        ("全超.zip", (("a.txt", zeros),)),
        ("部分.zip", (("a.txt", zeros), ("b.txt", "一"))),
        ("同名.zip", (("A.txt", "一"), ("a.txt", "二"))),
    ):
        with zipfile.ZipFile(put(tmp_path / "甲" / name), "w", zipfile.ZIP_DEFLATED) as file:
            for inner, text in members:
                file.writestr(inner, text)
    told = {file.path: file.outcome for file in taken(tmp_path / "甲", tmp_path / "work").files if file.container}
    assert told == {"全超.zip": Outcome.LIMIT, "部分.zip": Outcome.PARTIAL, "同名.zip": Outcome.OK_WARN}
