from mmfusion.report.markup import Markup, join, tag


def test_text_and_attributes_are_escaped():
    element = tag("p", "<b>", title='"><script>', class_="x & y")
    assert element == (
        '<p title="&quot;&gt;&lt;script&gt;" class="x &amp; y">&lt;b&gt;</p>'
    )


def test_only_markup_is_left_as_it_is():
    assert join([Markup("<br>"), "<br>", None, [1, tag("br")]]) == (
        "<br>&lt;br&gt;1<br>"
    )


def test_svg_names_keep_their_case_and_get_their_dashes():
    element = tag("svg", viewBox="0 0 1 1", text_anchor="end")
    assert element == '<svg viewBox="0 0 1 1" text-anchor="end"></svg>'
