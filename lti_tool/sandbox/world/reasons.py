"""Why something was refused: a stable code for tests, a sentence in two languages for people."""

from __future__ import annotations

from collections.abc import Mapping

# Each sentence may use the named details that the refusal was raised with.
REASONS: Mapping[str, tuple[str, str]] = {
    # the authentication request (Security Framework 1.0 §5.1.1.2)
    "auth_repeated": (
        "De parameter {name} staat meer dan een keer in het verzoek.",
        "The parameter {name} occurs more than once in the request.",
    ),
    "auth_client": (
        "De client_id {got} is hier niet bekend.",
        "The client_id {got} is not known here.",
    ),
    "auth_redirect_uri": (
        "De redirect_uri {got} is niet precies een geregistreerde.",
        "The redirect_uri {got} is not exactly a registered one.",
    ),
    "auth_scope": ("scope moet openid zijn, niet {got}.", "scope must be openid, not {got}."),
    "auth_response_type": (
        "response_type moet id_token zijn, niet {got}.",
        "response_type must be id_token, not {got}.",
    ),
    "auth_response_mode": (
        "response_mode moet form_post zijn, niet {got}.",
        "response_mode must be form_post, not {got}.",
    ),
    "auth_prompt": ("prompt moet none zijn, niet {got}.", "prompt must be none, not {got}."),
    "auth_login_hint": (
        "login_hint kwam niet ongewijzigd terug: {got}.",
        "login_hint did not come back unaltered: {got}.",
    ),
    "auth_message_hint": (
        "lti_message_hint kwam niet byte voor byte terug, of hoort bij geen enkele start: {got}.",
        "lti_message_hint did not come back byte for byte, or belongs to no launch: {got}.",
    ),
    "auth_wrong_client": (
        "Deze start is voor een andere client_id dan {got}.",
        "This launch is for another client_id than {got}.",
    ),
    "auth_launch_used": (
        "Deze start is al gebruikt of te oud. Open de activiteit opnieuw.",
        "This launch was already used or is too old. Open the activity again.",
    ),
    "auth_nonce_missing": ("nonce ontbreekt.", "nonce is missing."),
    "auth_nonce_reused": ("Deze nonce is al gebruikt.", "This nonce was used before."),
    "auth_state_missing": ("state ontbreekt.", "state is missing."),
    "auth_login_required": (
        "Deze browser is hier niet aangemeld (ingesteld in de zandbak).",
        "This browser is not logged in here (set in the sandbox).",
    ),
    # any JWT that the tool signed
    "jwt_missing": ("Er kwam geen {name} mee.", "No {name} was sent."),
    "jwt_shape": ("Dit is geen ondertekend JWT.", "This is not a signed JWT."),
    "jwt_alg": ("alg moet RS256 zijn, niet {got}.", "alg must be RS256, not {got}."),
    "jwt_header": (
        "De JWT-kop mag geen {name} hebben.",
        "The JWT header must not have {name}.",
    ),
    "jwt_kid_missing": ("De JWT-kop heeft geen kid.", "The JWT header has no kid."),
    "jwt_kid_unknown": (
        "Geen sleutel van de tool heeft kid {got}.",
        "No key of the tool has kid {got}.",
    ),
    "jwt_signature": (
        "De handtekening klopt niet.",
        "The signature does not verify.",
    ),
    "jwt_keys_unreachable": (
        "De sleutels van de tool zijn niet op te halen: {why}.",
        "The tool's keys cannot be fetched: {why}.",
    ),
    "jwt_iss": (
        "iss is {got}; verwacht was {want}.",
        "iss is {got}; expected {want}.",
    ),
    "jwt_sub": ("sub is {got}; verwacht was {want}.", "sub is {got}; expected {want}."),
    "jwt_aud": ("aud is {got}; verwacht was {want}.", "aud is {got}; expected {want}."),
    "jwt_exp_missing": ("exp ontbreekt of is geen getal.", "exp is missing or not a number."),
    "jwt_expired": ("Het JWT is verlopen.", "The JWT has expired."),
    "jwt_iat_missing": ("iat ontbreekt of is geen getal.", "iat is missing or not a number."),
    "jwt_iat_future": ("iat ligt in de toekomst.", "iat lies in the future."),
    "jwt_iat_old": ("iat is meer dan {limit} seconden oud.", "iat is over {limit} seconds old."),
    "jwt_jti_missing": ("jti ontbreekt.", "jti is missing."),
    "jwt_jti_reused": ("Deze jti is al gebruikt.", "This jti was used before."),
    "jwt_nonce_missing": ("nonce ontbreekt in het JWT.", "nonce is missing from the JWT."),
    "jwt_nonce_reused": (
        "De nonce in het JWT is al gebruikt.",
        "The nonce in the JWT was used before.",
    ),
    # the token request (Security Framework 1.0 §4.1)
    "token_media_type": (
        "Een tokenverzoek is een POST van application/x-www-form-urlencoded, niet {got}.",
        "A token request is a POST of application/x-www-form-urlencoded, not {got}.",
    ),
    "token_grant_type": (
        "grant_type moet client_credentials zijn, niet {got}.",
        "grant_type must be client_credentials, not {got}.",
    ),
    "token_assertion_type": (
        "client_assertion_type klopt niet: {got}.",
        "client_assertion_type is wrong: {got}.",
    ),
    "token_client": (
        "Geen tool is hier geregistreerd als {got}.",
        "No tool is registered here as {got}.",
    ),
    "token_scope_missing": ("scope ontbreekt.", "scope is missing."),
    "token_scope_unknown": (
        "Deze tool mag {got} niet vragen.",
        "This tool may not ask for {got}.",
    ),
    # the deep linking response (Deep Linking 2.0 §3.3)
    "dl_ticket": (
        "Het retouradres hoort bij geen enkele keuze; wijzig deep_link_return_url niet.",
        "The return address belongs to no selection; do not modify deep_link_return_url.",
    ),
    "dl_used": (
        "Deze keuze is al eens ingediend.",
        "This selection was already submitted.",
    ),
    "dl_deployment": (
        "deployment_id is {got}; verwacht was {want}.",
        "deployment_id is {got}; expected {want}.",
    ),
    "dl_message_type": (
        "message_type moet LtiDeepLinkingResponse zijn, niet {got}.",
        "message_type must be LtiDeepLinkingResponse, not {got}.",
    ),
    "dl_version": ("version moet 1.3.0 zijn, niet {got}.", "version must be 1.3.0, not {got}."),
    "dl_data": (
        "data kwam niet precies terug zoals het was gestuurd: {got}.",
        "data was not returned exactly as it was sent: {got}.",
    ),
    "dl_items": ("content_items moet een lijst zijn.", "content_items must be a list."),
    "dl_multiple": (
        "Hier mag een item tegelijk; er kwamen er {got}.",
        "One item at a time is accepted here; {got} came.",
    ),
    "item_type": (
        "Soort {got} wordt hier niet aanvaard.",
        "Type {got} is not accepted here.",
    ),
    "item_title": (
        "De titel moet tekst zijn van ten hoogste 255 tekens.",
        "The title must be text of at most 255 characters.",
    ),
    "item_text": ("{name} moet tekst zijn.", "{name} must be text."),
    "item_url": (
        "De url {got} is niet van deze tool.",
        "The url {got} is not the tool's.",
    ),
    "item_custom": (
        "custom moet een object met alleen tekstwaarden zijn ({name}).",
        "custom must be an object with string values only ({name}).",
    ),
    "item_icon": ("icon moet een object met een url zijn.", "icon must be an object with a url."),
    "item_line_item": (
        "lineItem.scoreMaximum is {got}; dat mag hier niet.",
        "lineItem.scoreMaximum is {got}, which is not allowed here.",
    ),
    "item_line_item_text": (
        "lineItem.{name} moet tekst zijn van ten hoogste {limit} tekens.",
        "lineItem.{name} must be text of at most {limit} characters.",
    ),
    # services (Assignment and Grade Services 2.0)
    "score_field": (
        "Er staat een scoreveld in dit bericht: {got}. Deze tool stuurt nooit een score.",
        "This message holds a score field: {got}. This tool never sends a score.",
    ),
    "bearer_missing": ("Er kwam geen Bearer-token mee.", "No bearer token was sent."),
    "bearer_unknown": ("Dit token is hier niet uitgegeven.", "This token was not issued here."),
    "bearer_expired": ("Dit token is verlopen.", "This token has expired."),
    "bearer_scope": (
        "Dit token geeft geen recht op {want}.",
        "This token does not grant {want}.",
    ),
    "method": ("Dit adres kent geen {got}.", "This address knows no {got}."),
    "media_type": (
        "Content-Type moet {want} zijn, niet {got}.",
        "Content-Type must be {want}, not {got}.",
    ),
    "accept_type": ("Accept moet {want} zijn, niet {got}.", "Accept must be {want}, not {got}."),
    "body_json": ("De inhoud is geen JSON-object.", "The body is not a JSON object."),
    "service_missing": ("Deze dienst is er niet.", "There is no such service."),
    "link_unknown": (
        "Deze activiteit bestaat niet (meer).",
        "This activity does not exist (any more).",
    ),
    "link_foreign": (
        "Deze activiteit is van een andere tool.",
        "This activity belongs to another tool.",
    ),
    "activity_hidden": (
        "Deze persoon mag de activiteit niet zien.",
        "This person may not see the activity.",
    ),
    "completion_fields": (
        "Een melding heeft precies userId, activityProgress en timestamp; zie {name}.",
        "A message has exactly userId, activityProgress and timestamp; see {name}.",
    ),
    "line_item_unknown": (
        "Dit cijferitem bestaat niet (meer).",
        "This line item does not exist (any more).",
    ),
    "line_item_foreign": (
        "Dit cijferitem is van een andere tool.",
        "This line item belongs to another tool.",
    ),
    "line_item_query": (
        "De query van het adres van het cijferitem ging verloren.",
        "The query of the line item's address was lost.",
    ),
    "line_item_read_only": (
        "Deze leeromgeving laat een tool geen cijferitems maken, wijzigen of wissen.",
        "This LMS lets no tool make, change or delete line items.",
    ),
    "gradebook_read": (
        "Er wordt niets teruggelezen uit een cijferlijst.",
        "Nothing is read back from a gradebook.",
    ),
    "field_missing": ("{name} ontbreekt of is geen tekst.", "{name} is missing or not text."),
    "progress_value": (
        "{name} kent de waarde {got} niet.",
        "{name} has no value {got}.",
    ),
    "timestamp_format": (
        "timestamp {got} is geen ISO 8601-tijd zoals deze leeromgeving die vraagt.",
        "timestamp {got} is not an ISO 8601 time as this LMS asks for it.",
    ),
    "timestamp_old": (
        "timestamp {got} is niet nieuwer dan die van de vorige melding.",
        "timestamp {got} is not newer than that of the message before.",
    ),
    "timestamp_future": (
        "timestamp {got} ligt in de toekomst.",
        "timestamp {got} lies in the future.",
    ),
    "user_unknown": ("userId {got} is hier onbekend.", "userId {got} is unknown here."),
    "user_not_a_learner": (
        "userId {got} is geen deelnemer van deze cursus.",
        "userId {got} is not a learner in this course.",
    ),
    "submission_shape": (
        "De Canvas-uitbreiding klopt niet: {name}.",
        "The Canvas extension is malformed: {name}.",
    ),
    "submitted_future": (
        "submittedAt ligt meer dan een minuut in de toekomst.",
        "submittedAt lies more than a minute in the future.",
    ),
    "attempts_exhausted": (
        "Het toegestane aantal inleveringen is op.",
        "The maximum number of allowed submissions has been reached.",
    ),
    "course_concluded": ("Deze cursus is afgesloten.", "This course is concluded."),
    # Moodle's web service
    "web_service": ("{errorcode}: {message}", "{errorcode}: {message}"),
    "web_service_off": (
        "De webservice (of het REST-protocol) staat uit.",
        "The web service (or the REST protocol) is off.",
    ),
    # dynamic registration
    "registration_token": (
        "Het registratietoken ontbreekt, is al gebruikt of is verlopen.",
        "The registration token is missing, used or expired.",
    ),
    "registration_field": (
        "De registratie mist {name} of de waarde deugt niet.",
        "The registration lacks {name}, or its value is not usable.",
    ),
    # made to happen from the settings page
    "fault": (
        "Met opzet verstoord: {got}.",
        "Disturbed on purpose: {got}.",
    ),
    "throttled": (
        "Te veel verzoeken: hooguit {limit} per {seconds} seconden.",
        "Too many requests: at most {limit} per {seconds} seconds.",
    ),
}

MAX_SHOWN = 120


def _shown(value: object) -> str:
    """A detail as text, cut so that hostile input cannot flood a page."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"


class Refusal(Exception):
    """The platform says no.

    Args:
        code: a key of `REASONS`; anything else raises `KeyError` at once.
        details: the named details that the sentence uses.
    """

    def __init__(self, code: str, **details: object) -> None:
        self.code = code
        self.details = {name: _shown(value) for name, value in details.items()}
        super().__init__(f"{code}: {self.text('en')}")

    def text(self, lang: str) -> str:
        """The sentence in `lang` ("nl" or "en")."""
        dutch, english = REASONS[self.code]
        return (english if lang == "en" else dutch).format(**self.details)
