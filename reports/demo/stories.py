"""Words for the invented county's work: what was quarrelled about, what was dangerous, and where."""

from collections.abc import Sequence

from reports.demo.people import SURNAMES, Draw

PLACES = (
    "村部", "文化广场", "东头路口", "西头水塘", "大沟桥", "小学门口", "生产路", "卫生室", "排灌站", "老庄台", "河堤",
    "小街",
)  # fmt: skip
Case = tuple[str, str]  # what it was about, what was agreed
# The more often it happens, the further to the front it stands
CASES: Sequence[tuple[str, Case]] = (
    ("neighbours", ("宅基地边界上的一棵树遮住了邻家采光。", "树由主家修剪，今后每年春季修剪一次，两家握手言和。")),
    ("spouses", ("丈夫长年在外务工，回家后因家用和带孩子的事争吵。", "双方约定每月家用数额，农忙时丈夫回家帮忙。")),
    ("in_laws", ("婆媳因孩子由谁照看、饮食习惯不同起了争执。", "周末由婆婆照看，平时由儿媳接送，互相体谅。")),
    ("fields", ("两家承包地相邻，耕地时越过了地界。", "按确权证重新放线立桩，多耕部分当季归原主收割。")),
    ("neighbours", ("雨天院内排水流到邻家门前。", "由主家改排水沟，村里补助两根水泥管。")),
    ("brothers_wives", ("妯娌因赡养老人分摊费用起了争执。", "两家轮流照料，每家三个月，医药费各半。")),
    ("spouses", ("因赌博输钱，夫妻吵闹要离婚。", "丈夫写下保证书，钱由妻子保管，村嫂每月回访。")),
    ("sisters_in_law", ("姑嫂因老宅归属起了争执。", "按老人遗愿归长子，给妹妹适当补偿，双方签字。")),
    ("other", ("孩子玩耍时打破他家玻璃，家长起了口角。", "由孩子家长赔礼并换新玻璃。")),
)  # fmt: skip
SMALL = (
    "路边杂草堆垃圾已清走",
    "井盖松动已复位",
    "电动车堵住通道已挪开",
    "水塘边警示牌倒了已扶好",
    "灶间柴草太近已移开",
)
BIG = (
    "桥边护栏断了一截，学生上下学要经过。", "独居老人家电线老化裸露，墙面潮湿。", "水塘边没有警示牌，夏天有孩子下水。",
    "老屋后墙开裂，雨天有倒塌的危险。", "路面塌了一个坑，夜里看不清。", "变压器下堆放秸秆，离线太近。",
)  # fmt: skip


def parties(draw: Draw, relation: str) -> str:
    """Two by their surnames, as a village writes it: 王某与李某."""
    one, other = draw.early(SURNAMES), draw.early(SURNAMES)
    return f"{one}某（夫）与{other}某（妻）" if relation == "spouses" else f"{one}某甲与{other}某乙"


def dangers(severity: str) -> Sequence[str]:
    return SMALL if severity == "small" else BIG
