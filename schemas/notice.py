"""A call for applications (通知) as a bureau writes it down: its deadline, the day windows are counted from, and what must be handed in.

The names of the fields are Chinese, since staff write the file. Nothing is required but the title.
"""

from datetime import date
from typing import Final, Literal, TypeAlias

from pydantic import ConfigDict, Field

from schemas.base import Frozen

#: When a material is asked for; without one, always.
Condition: TypeAlias = Literal["联合申报", "租赁场地", "企业", "高等院校", "科研院所", "医疗卫生机构", "园区", "事业单位"]
CONDITIONS: Final[tuple[str, ...]] = ("联合申报", "租赁场地", "企业", "高等院校", "科研院所", "医疗卫生机构", "园区", "事业单位")


class WantedMaterial(Frozen):
    """``any_of`` are what may be handed in for it, one of them enough; empty where the name itself says it."""

    name: str = Field(alias="名称", min_length=2, max_length=60)
    any_of: tuple[str, ...] = Field(default=(), alias="任一")
    when: Condition | None = Field(default=None, alias="条件")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Notice(Frozen):
    """``anchor`` is the day 上年度 and 近N年 are counted from unless the call says otherwise."""

    title: str = Field(alias="通知", min_length=4, max_length=200)
    number: str = Field(default="", alias="文号", max_length=60)
    deadline: date | None = Field(default=None, alias="截止日期")
    anchor: date | None = Field(default=None, alias="起算日")
    materials: tuple[WantedMaterial, ...] = Field(default=(), alias="材料")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
