"""Two ways of writing one kanji, for comparing names: 澤 and 沢, 龍 and 竜, 塩竈 and 塩釜.

Registers, signs and habits keep forms that the list of a postal code does not have, and that nobody types who looks
for a company. Nothing that a customer typed is changed by this: it is compared, and kept as it is.
The pairs of `_OLD_FORMS` are the 康熙字典体 of the 常用漢字表 (内閣告示第二号, 2010) and the 異体字 of the 人名用漢字
(戸籍法施行規則 別表第二); those that Unicode composes to the usual form (the old 神) are left to NFC. `_IN_PLACES` are
further forms that names of places are written with; each must keep all cities of a prefecture apart (test_addresses.py
scans every postal code).
"""

import re
import unicodedata
from typing import Final

_OLD_FORMS: Final = (
    "亞亜惡悪壓圧圍囲爲為醫医壹壱稻稲飮飲隱隠營営榮栄衞衛驛駅圓円緣縁艷艶鹽塩奧奥應応橫横歐欧毆殴黃黄溫温穩穏假仮價価"
    "畫画會会壞壊懷懐繪絵槪概擴拡殼殻覺覚學学嶽岳樂楽渴渇勸勧卷巻寬寛歡歓罐缶觀観關関陷陥顏顔歸帰氣気龜亀僞偽戲戯犧犠"
    "舊旧據拠擧挙虛虚峽峡挾挟狹狭鄕郷曉暁區区驅駆勳勲薰薫徑径惠恵揭掲溪渓經経繼継莖茎螢蛍輕軽鷄鶏藝芸擊撃缺欠儉倹劍剣"
    "圈圏檢検權権獻献硏研縣県險険顯顕驗験嚴厳效効廣広恆恒鑛鉱號号國国黑黒濟済碎砕齋斎劑剤櫻桜册冊雜雑參参慘惨棧桟蠶蚕"
    "贊賛殘残絲糸齒歯兒児辭辞濕湿實実舍舎寫写釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処緖緒敍叙奬奨將将涉渉燒焼稱称證証乘乗"
    "剩剰壤壌孃嬢條条淨浄狀状疊畳讓譲釀醸囑嘱觸触寢寝愼慎眞真盡尽圖図粹粋醉酔隨随髓髄數数樞枢瀨瀬聲声靜静齊斉攝摂竊窃"
    "專専戰戦淺浅潛潜纖繊踐践錢銭禪禅曾曽雙双壯壮搜捜插挿巢巣爭争瘦痩總総莊荘裝装騷騒增増臟臓藏蔵卽即屬属續続墮堕體体"
    "對対帶帯滯滞臺台瀧滝擇択澤沢單単擔担膽胆團団彈弾斷断癡痴遲遅晝昼蟲虫鑄鋳廳庁徵徴聽聴敕勅鎭鎮遞逓鐵鉄轉転點点傳伝"
    "黨党盜盗燈灯當当鬭闘德徳獨独讀読屆届繩縄貳弐惱悩腦脳霸覇廢廃拜拝賣売麥麦發発髮髪拔抜晚晩蠻蛮祕秘濱浜甁瓶拂払佛仏"
    "倂併竝並變変邊辺辨弁瓣弁辯弁舖舗步歩穗穂寶宝襃褒豐豊沒没飜翻每毎萬万滿満麵麺默黙餠餅戾戻彌弥藥薬譯訳豫予餘余與与"
    "譽誉搖揺樣様謠謡來来賴頼亂乱覽覧龍竜兩両獵猟綠緑壘塁淚涙勵励禮礼隸隷靈霊齡齢曆暦歷歴戀恋鍊錬爐炉勞労樓楼郞郎錄録"
    "灣湾堯尭巖巌晉晋槇槙瑤瑶祿禄穰穣聰聡遙遥戶戸內内吳呉姬姫彥彦產産歲歳稅税說説脫脱悅悦閱閲銳鋭絕絶尙尚强強敎教靑青"
    "淸清旣既"
)
_IN_PLACES: Final = (
    "竈釜竃釜騨驒鯵鰺諌諫桧檜梼檮蘆芦舘館嶋島嶌島埜野﨑崎嵜崎碕崎髙高濵浜邉辺冨富籠篭藪薮桒桑栁柳麴麹礪砺禰祢萊莱渕淵"
    "渊淵峯峰舩船壷壺𠮷吉塲場蠣蛎靱靭靏鶴靍鶴俱倶亙亘穎頴枡桝鷗鴎驎麟鎻鎖徧遍邨村厩廐厨廚塡填凜凛櫟檪禱祷躯軀賎賤鶯鴬"
    "篦箆蕊蘂鄰隣亰京圀国羣群閒間鐮鎌囘回萠萌畧略剱剣劔剣釼剣劒剣皐皋昻昂逹達祗祇咒呪柗松枩松槗橋蔴麻杤栃"
)
_SUPPLEMENT: Final = (
    "⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺇𠘨⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺑𡯂⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺟母⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺪𤴔⺫目⺬示⺭礻⺮𥫗⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺵𦉫"
    "⺶羊⺷𦍌⺸𦍋⺹耂⺺肀⺻聿⺼肉⺽𦥑⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻇𧢲⻈讠⻉贝⻊𧾷⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻕𨸏⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞𩙿⻟飠⻠饣⻡𩠐⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄"
    "⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀⻳龟"
)
RADICALS: Final = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)},
    **dict(zip(map(ord, _SUPPLEMENT[::2]), _SUPPLEMENT[1::2], strict=True)),
}
"""The kanji that a radical looks like: what is copied out of a PDF has ⽥ for 田 and ⻑ for 長.

Unicode decomposes only those of the 康熙字典; `_SUPPLEMENT` is its Equivalent_Unified_Ideograph of the others.
"""
_PAIRS: Final = _OLD_FORMS + _IN_PLACES
_USUAL: Final = dict(zip(map(ord, _PAIRS[::2]), _PAIRS[1::2], strict=True))
_COMPARED: Final = {code: _USUAL.get(ord(kanji), kanji) for code, kanji in RADICALS.items()} | _USUAL
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""They choose one of the shapes of the kanji before them: 葛 of 葛城市 has two."""
_REPEATED: Final = re.compile("(.)[々〻]")


def usual_form(text: str) -> str:
    """*text* with each kanji in the form that stands for all its forms. It is for comparing, not for showing."""
    plain = unicodedata.normalize("NFC", _SELECTORS.sub("", text)).translate(_COMPARED)
    return _REPEATED.sub(r"\1\1", plain)
