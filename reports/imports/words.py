"""The words of lists of activities: what columns and kinds are called in them, and particulars as one cell."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils import translation

from members.imports.words import HEADINGS as PEOPLE
from reports.kinds import KINDS, Kind

# The first word of each is what exports write. 编号 alone numbers rows in many lists and is no record's number.
HEADINGS = {
    "number": ["记录编号", "记录号"],
    "day": ["日期", "时间", "开展时间", "活动日期", "活动时间", "服务日期", "工作日期"],
    "township": PEOPLE["township"],
    "village": PEOPLE["village"],
    "village_code": PEOPLE["village_code"],
    "kind": ["事项", "工作事项", "工作类别", "工作内容类别", "活动类别", "服务事项", "服务类别", "事项名称"],
    "quantity": ["数量", "次数", "户数", "件数", "人次", "完成数量"],
    "members": ["村嫂", "村嫂姓名", "姓名", "开展人", "服务人员", "参与村嫂", "责任人"],
    "zone": ["网格", "所在网格", "网格名称"],
    "place": ["地点", "活动地点", "服务地点"],
    "household": ["户主", "户主姓名", "家庭户主", "服务对象户主"],
    "particulars": ["具体情况", "补充情况"],
    "remark": ["内容", "活动内容", "工作内容", "服务内容", "简要内容", "备注"],
}
UNUSED = ("单位", "计量单位", "角色", "六员", "状态", "核实情况", "录入人")
BETWEEN_NAMES = re.compile(r"[、,，;；/\s]+")
BETWEEN_PARTICULARS = re.compile(r"[;；]+")
AFTER_LABEL = re.compile(r"[:：]")
CHINESE = "zh-hans"  # what is written, whatever language its reader has on screen


def chinese(label: Any) -> str:
    with translation.override(CHINESE):
        return str(label)


def kind_words() -> dict[str, str]:
    """{what a list may call it: the kind's key}: its Chinese and English names and the key itself."""
    found: dict[str, str] = {}
    for key, kind in KINDS.items():
        with translation.override("en"):
            found[str(kind.label)] = key
        found |= {chinese(kind.label): key, key: key}
    return found


def particulars_said(kind: Kind, stored: Mapping[str, Any]) -> str:
    """Stored particulars as one cell: “label：value；label：value”, in the order of the kind."""
    with translation.override(CHINESE):
        return "；".join(
            f"{each.label}：{each.told(stored[each.key])}" for each in kind.particulars if each.key in stored
        )


def particulars_of(kind: Kind, said: str) -> dict[str, str]:
    """The cell taken apart; what names no particular of the kind stays under its own word, to be refused there."""
    found: dict[str, str] = {}
    with translation.override(CHINESE):
        labels = {str(each.label): each for each in kind.particulars}
        for piece in filter(None, (part.strip() for part in BETWEEN_PARTICULARS.split(said))):
            label, *rest = (part.strip() for part in AFTER_LABEL.split(piece, maxsplit=1))
            particular = labels.get(label)
            if particular is None or not rest:
                found[piece] = piece
                continue
            values = {str(told): key for key, told in particular.choices.items()}
            found[particular.key] = values.get(rest[0], rest[0])
    return found


def names_said(said: str) -> str:
    """Names in one cell, as a record keeps them."""
    return "、".join(name for name in BETWEEN_NAMES.split(said) if name)
