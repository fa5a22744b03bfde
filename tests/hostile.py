"""Hostile shapes for tests: claims, headers and fields that no honest platform sends."""

from hypothesis import strategies as st
from tinylms import AGS, DL, GONE, LTI

MARK = "ECHO7f3a"
"""Stands in most of what is sent; a page that shows it echoes its input."""

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62, max_value=2**80),
    st.floats(),
    st.text(max_size=40),
    st.text(max_size=20).map(lambda text: MARK + text),
    st.sampled_from(
        [
            "",
            "\0",
            "\ud800",
            "$Unfilled.variable",
            "https://tool.example/lti/launch",
            "https://tool.example/[",
            "https://[::1/",
            "javascript:alert(1)",
            f"<script>{MARK}</script>",
            MARK * 200,
            "1.3.0",
            "LtiResourceLinkRequest",
            "LtiDeepLinkingRequest",
        ]
    ),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)

NAMES = [
    "iss",
    "aud",
    "azp",
    "sub",
    "iat",
    "exp",
    "nonce",
    "locale",
    "name",
    DL,
    AGS,
    *(
        LTI + name
        for name in (
            "version",
            "message_type",
            "deployment_id",
            "target_link_uri",
            "roles",
            "resource_link",
            "context",
            "custom",
            "launch_presentation",
            "lis",
            "tool_platform",
            "role_scope_mentor",
        )
    ),
]

INNER = {
    LTI + "resource_link": ["id", "title"],
    LTI + "context": ["id", "label", "type"],
    LTI + "custom": ["item", "x"],
    LTI + "launch_presentation": ["locale", "return_url", "document_target"],
    AGS: ["scope", "lineitem", "lineitems"],
    DL: ["deep_link_return_url", "accept_types", "accept_multiple", "accept_lineitem", "data"],
}

claim_changes = st.dictionaries(
    st.sampled_from(NAMES), st.one_of(values, st.just(GONE)), min_size=1, max_size=4
)
inner_changes = st.sampled_from(sorted(INNER)).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.dictionaries(st.sampled_from(INNER[name]), st.one_of(values, st.just(GONE)), min_size=1),
    )
)
header_changes = st.dictionaries(
    st.sampled_from(["alg", "kid", "typ", "jku", "jwk", "x5u", "x5c", "crit", "cty", "zip", "b64"]),
    st.one_of(values, st.just(GONE)),
    min_size=1,
    max_size=3,
)
