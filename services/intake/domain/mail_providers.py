"""Who gives out mail addresses in Japan beside the large ones: their domains are meant by whoever types them.

It is a list of its own because it only grows: whoever is asked without need has a provider that is missing here. Names
differ by a letter (odn and ocn, kcn and kct), so none is taken for a typing error of another.
"""

from typing import Final

_LINES: Final = (
    # Of the whole country, also those that were renamed or bought: their addresses live on.
    "odn.ne.jp odn.ad.jp dion.ne.jp auone-net.jp auone.jp asahi-net.or.jp hi-ho.ne.jp t-com.ne.jp wakwak.com",
    "dti.ne.jp sannet.ne.jp mbn.or.jp iij4u.or.jp rim.or.jp bekkoame.ne.jp interlink.or.jp infoweb.ne.jp",
    "justnet.ne.jp mesh.ne.jp highway.ne.jp email.ne.jp gol.com ybb.ne.jp nuro.jp excite.co.jp infoseek.jp goo.jp",
    "goo.ne.jp livedoor.com aol.jp",
    # Of telephones.
    "vodafone.ne.jp jp-t.ne.jp jp-d.ne.jp jp-c.ne.jp jp-k.ne.jp disney.ne.jp disneymobile.ne.jp willcom.com",
    "pdx.ne.jp emobile.ne.jp emnet.ne.jp mopera.net mineo.jp rakuten.jp rakumail.jp y-mobile.ne.jp ymobile1.ne.jp",
    # Of electric companies and of cable television, by region from north to south.
    "octv.ne.jp infoaomori.ne.jp actv.ne.jp jomon.ne.jp michinoku.ne.jp wind.ne.jp sunfield.ne.jp jway.ne.jp",
    "accsnet.ne.jp cablenet.ne.jp icntv.ne.jp catv296.ne.jp catv.ne.jp itscom.net itscom.jp ttv.ne.jp",
    "baynet.ne.jp zaq.ne.jp home.ne.jp janis.or.jp valley.ne.jp avis.ne.jp nsk.ne.jp spacelan.ne.jp incl.ne.jp",
    "coralnet.or.jp fctv.ne.jp mitene.or.jp angel.ne.jp nns.ne.jp tnc.ne.jp wbs.ne.jp thn.ne.jp tokai.or.jp",
    "commufa.jp starcat.ne.jp katch.ne.jp medias.ne.jp gctv.ne.jp clovernet.ne.jp aitai.ne.jp mirai.ne.jp",
    "orihime.ne.jp ccnw.ne.jp tees.jp tees.ne.jp amitaj.or.jp cty-net.ne.jp ctk.ne.jp ctktv.ne.jp ztv.ne.jp",
    "mctv.jp mctv.ne.jp biwako.ne.jp eonet.ne.jp kyoto-inet.or.jp kcn.ne.jp kcn.jp cypress.ne.jp naxnet.or.jp",
    "sensyu.ne.jp winknet.ne.jp memenet.or.jp banban.jp megaegg.ne.jp enjoy.ne.jp tiki.ne.jp oct-net.ne.jp",
    "kct.ne.jp kvision.ne.jp urban.ne.jp hicat.ne.jp fch.ne.jp chukai.ne.jp c-able.ne.jp pikara.ne.jp",
    "stannet.ne.jp nmt.ne.jp e-catv.ne.jp dokidoki.ne.jp inforyoma.or.jp i-kochi.or.jp bbiq.jp csf.ne.jp",
    "cncm.ne.jp people-i.ne.jp ktknet.ne.jp bunbun.ne.jp saganet.ne.jp asunet.ne.jp ctb.ne.jp synapse.ne.jp",
    "minc.ne.jp btvm.ne.jp wainet.ne.jp nirai.ne.jp ryucom.ne.jp cosmos.ne.jp",
)
PROVIDERS: Final = frozenset(provider for line in _LINES for provider in line.split())
