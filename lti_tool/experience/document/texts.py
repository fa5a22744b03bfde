"""The sentences of all problems, in Dutch and English: what is the matter, and what to do.

Keys are the kinds of `problems.Problem`; what stands between braces is filled from its values.
"""

from lti_tool.experience.document.package_texts import PACKAGE_TEXTS

SUGGESTION = {"nl": "Bedoelde je `{suggestion}`?", "en": "Did you mean `{suggestion}`?"}

TEXTS: dict[str, dict[str, str]] = {
    # --- E1: the file cannot be read as a document -----------------------------------------------
    "E1": {
        "nl": "YAML klopt niet: zet tekst met een dubbele punt tussen aanhalingstekens.",
        "en": "This is not valid YAML: put text that contains a colon between quotes.",
    },
    "E1.syntax": {
        "nl": "YAML klopt niet op of vlak boven deze regel: kijk of inspringen, aanhalingstekens "
        "en haakjes kloppen.",
        "en": "This is not valid YAML on or just above this line: check indentation, quotes and "
        "brackets.",
    },
    "E1.tab": {
        "nl": "YAML klopt niet: hier staat een tab. Spring in met spaties.",
        "en": "This is not valid YAML: there is a tab here. Indent with spaces.",
    },
    "E1.quote": {
        "nl": "YAML klopt niet: een aanhalingsteken gaat hier open en nergens dicht. Sluit het.",
        "en": "This is not valid YAML: a quote opens here and never closes. Close it.",
    },
    "E1.characters": {
        "nl": "Hier staat een onzichtbaar stuurteken. Haal het weg of typ de tekst opnieuw.",
        "en": "There is an invisible control character here. Remove it or type the text again.",
    },
    "E1.encoding": {
        "nl": "Dit bestand is geen UTF-8-tekst. Bewaar het opnieuw als UTF-8.",
        "en": "This file is not UTF-8 text. Save it again as UTF-8.",
    },
    "E1.size": {
        "nl": "Dit document is te groot om te lezen. Splits het in items van elk hooguit 1 MiB.",
        "en": "This document is too large to read. Split it into items of at most 1 MiB each.",
    },
    "E1.deep": {
        "nl": "Hier is te diep genest. Kijk of er haakjes of streepjes te veel staan.",
        "en": "This is nested too deeply. Look for brackets or dashes that should not be there.",
    },
    "E1.alias": {
        "nl": "Ankers en verwijzingen (`&` en `*`) kunnen hier niet. Schrijf de tekst voluit, of "
        "zet hem tussen aanhalingstekens.",
        "en": "Anchors and aliases (`&` and `*`) cannot be used here. Write the text out, or put "
        "it between quotes.",
    },
    "E1.tag": {
        "nl": "YAML-tags (`!`) kunnen hier niet. Haal de tag weg, of zet de tekst tussen "
        "aanhalingstekens.",
        "en": "YAML tags (`!`) cannot be used here. Remove the tag, or put the text between "
        "quotes.",
    },
    "E1.key": {
        "nl": "Een veldnaam moet één woord zijn. Zet tekst met haakjes tussen aanhalingstekens.",
        "en": "A field name must be one word. Put text with brackets between quotes.",
    },
    "E1.several": {
        "nl": "Hier begint een tweede document (`---`). Zet elk item in een eigen bestand.",
        "en": "A second document (`---`) begins here. Put each item in a file of its own.",
    },
    "E1.empty": {
        "nl": "Dit bestand is leeg. Begin met `format: experience/1`.",
        "en": "This file is empty. Begin with `format: experience/1`.",
    },
    "E1.root": {
        "nl": "Een item bestaat uit velden als `format:` en `title:`. Begin met "
        "`format: experience/1`.",
        "en": "An item consists of fields such as `format:` and `title:`. Begin with "
        "`format: experience/1`.",
    },
    "E1.file": {
        "nl": "Dit bestand is niet te lezen. Kijk of het bestaat en of je het mag openen.",
        "en": "This file cannot be read. Check that it exists and that you may open it.",
    },
    # --- E2–E7: names and references -------------------------------------------------------------
    "E2": {
        "nl": "Onbekend veld `{field}`. Haal het weg of kies uit: {allowed}.",
        "en": "Unknown field `{field}`. Remove it or choose from: {allowed}.",
    },
    "E2.comma": {
        "nl": "Onbekend veld `{field}`. Hoort dit bij de tekst ervoor? Zet tekst met een komma "
        "tussen aanhalingstekens.",
        "en": "Unknown field `{field}`. Does this belong to the text before it? Put text that "
        "contains a comma between quotes.",
    },
    "E2.colon": {
        "nl": "Onbekend veld `{field}`. Is dit gewone tekst? Zet een alinea met een dubbele punt "
        "tussen aanhalingstekens.",
        "en": "Unknown field `{field}`. Is this ordinary text? Put a paragraph that contains a "
        "colon between quotes.",
    },
    "E3": {
        "nl": "`{field}` bestaat hier niet: beschrijf het effect in woorden.",
        "en": "`{field}` does not exist here: describe the effect in words.",
    },
    "E4": {
        "nl": "Knoop-id `{name}` komt twee keer voor. Geef één van de twee een andere naam.",
        "en": "Node id `{name}` occurs twice. Give one of the two another name.",
    },
    "E4.field": {
        "nl": "Veld `{name}` staat hier twee keer. Haal er één weg.",
        "en": "Field `{name}` stands here twice. Remove one of them.",
    },
    "E4.id": {
        "nl": "Id `{name}` komt hier twee keer voor. Geef één van de twee een andere naam.",
        "en": "Id `{name}` occurs here twice. Give one of the two another name.",
    },
    "E4.item": {
        "nl": "Item `{name}` staat twee keer in deze voorbereiding. Haal er één weg.",
        "en": "Item `{name}` stands in this preparation twice. Remove one of them.",
    },
    "E5": {
        "nl": "Startknoop `{name}` bestaat niet. Noem bij `start` een knoop uit `nodes`.",
        "en": "Start node `{name}` does not exist. Name a node from `nodes` at `start`.",
    },
    "E6": {
        "nl": "`{field}: {name}` bestaat niet. Noem een knoop uit `nodes`.",
        "en": "`{field}: {name}` does not exist. Name a node from `nodes`.",
    },
    "E6.retry": {
        "nl": "`offer_retry: {name}` is geen keuze. Noem een knoop van soort `choice`.",
        "en": "`offer_retry: {name}` is not a choice. Name a node of type `choice`.",
    },
    "E7": {
        "nl": "Knoop `{name}` loopt dood: geef `next` of maak er een `ending` van.",
        "en": "Node `{name}` is a dead end: give it a `next` or make it an `ending`.",
    },
    "E7.reaction": {
        "nl": "Reactie `{name}` loopt dood: geef `next`, de knoop waar ze heen leidt.",
        "en": "Reaction `{name}` is a dead end: give it a `next`, the node it leads to.",
    },
    # --- E8–E13: the graph -----------------------------------------------------------------------
    "E8": {
        "nl": "Knoop `{name}` is vanaf de start niet te bereiken. Verwijs ernaar of haal hem weg.",
        "en": "Node `{name}` cannot be reached from the start. Lead to it or remove it.",
    },
    "E9": {
        "nl": "Vanuit `{name}` is geen einde bereikbaar (rondje zonder uitgang). Geef het rondje "
        "een weg naar een `ending`.",
        "en": "No ending can be reached from `{name}` (a loop without a way out). Give the loop a "
        "way to an `ending`.",
    },
    "E9.flags": {
        "nl": "Vanuit `{name}` is bij vlaggen {flags} geen einde bereikbaar (rondje zonder "
        "uitgang). Geef ook dan een weg naar een `ending`.",
        "en": "With flags {flags} no ending can be reached from `{name}` (a loop without a way "
        "out). Give a way to an `ending` for that case too.",
    },
    "E10": {
        "nl": "Er is geen einde. Voeg een knoop van soort `ending` toe.",
        "en": "There is no ending. Add a node of type `ending`.",
    },
    "E11": {
        "nl": "Een keuze heeft 2 tot 5 reacties; hier staan er {count}. Vul aan of voeg samen.",
        "en": "A choice has 2 to 5 reactions; here there are {count}. Add some or merge some.",
    },
    "E12": {
        "nl": "Bij vlaggen {flags} blijft in `{name}` geen reactie over. Geef één reactie zonder "
        "`when`.",
        "en": "With flags {flags} no reaction is left in `{name}`. Give one reaction without "
        "`when`.",
    },
    "E13": {
        "nl": "Vlag `{name}` is niet gedeclareerd. Zet haar bovenaan bij `flags`.",
        "en": "Flag `{name}` is not declared. Add it at the top under `flags`.",
    },
    # --- E14–E16: feedback -----------------------------------------------------------------------
    "E14": {
        "nl": "Reactie `{name}` mist *grow*: welke groei is er nog?",
        "en": "Reaction `{name}` lacks *grow*: where can it still grow?",
    },
    "E15": {
        "nl": "Reactie `{name}` mist *works*: wat werkt er aan deze reactie?",
        "en": "Reaction `{name}` lacks *works*: what works in this reaction?",
    },
    "E16": {
        "nl": "Onbekend effect `{value}`. Kies strong, partly, limited, counter of depends.",
        "en": "Unknown effect `{value}`. Choose strong, partly, limited, counter or depends.",
    },
    "E16.missing": {
        "nl": "Reactie `{name}` mist *effect*. Kies strong, partly, limited, counter of depends.",
        "en": "Reaction `{name}` lacks *effect*. Choose strong, partly, limited, counter or "
        "depends.",
    },
    # --- E17–E22: media --------------------------------------------------------------------------
    "E17": {
        "nl": 'Afbeelding zonder `alt`: beschrijf wat er te zien is, of zet `alt: ""` als ze '
        "decoratief is.",
        "en": 'Picture without `alt`: describe what it shows, or write `alt: ""` if it is '
        "decorative.",
    },
    "E18": {
        "nl": "Video `{name}` zonder ondertiteling in de taal van dit item. Voeg "
        "`captions: {{{lang}: bestand.vtt}}` toe.",
        "en": "Video `{name}` without captions in the language of this item. Add "
        "`captions: {{{lang}: file.vtt}}`.",
    },
    "E19": {
        "nl": "Video of audio `{name}` zonder transcript. Voeg `transcript: bestand.md` toe.",
        "en": "Video or audio `{name}` without a transcript. Add `transcript: file.md`.",
    },
    "E20": {
        "nl": "Ondertitelbestand `{name}` is geen geldige WebVTT (regel {vtt_line}). Kijk daar "
        "naar de tijden, `-->` en de lege regels.",
        "en": "Caption file `{name}` is not valid WebVTT (line {vtt_line}). Look there at the "
        "times, `-->` and the empty lines.",
    },
    "E21": {
        "nl": "Mediabestand `{name}` ontbreekt. Zet het in dezelfde map als dit document.",
        "en": "Media file `{name}` is missing. Put it in the same folder as this document.",
    },
    "E21.type": {
        "nl": "`{name}` is hier geen toegestaan type. Gebruik {allowed}.",
        "en": "`{name}` is not an allowed type here. Use {allowed}.",
    },
    "E21.name": {
        "nl": "`{value}` is geen bruikbare bestandsnaam. Zet het bestand naast dit document en "
        "gebruik alleen letters, cijfers, punt, `-` en `_`.",
        "en": "`{value}` is not a usable file name. Put the file beside this document and use only "
        "letters, digits, dot, `-` and `_`.",
    },
    "E22": {
        "nl": "Beeldtoestemming voor `{name}` is verlopen op {date}. Vraag haar opnieuw of vervang "
        "het bestand.",
        "en": "Consent for `{name}` ended on {date}. Ask for it again or replace the file.",
    },
    # --- E23, E24 --------------------------------------------------------------------------------
    "E23": {
        "nl": "Onveilige HTML verwijderd (`{value}`): controleer de tekst en gebruik Markdown.",
        "en": "Unsafe HTML removed (`{value}`): check the text and use Markdown.",
    },
    "E23.link": {
        "nl": "Onveilige link verwijderd (`{value}`): gebruik een adres met `https://` of "
        "`mailto:`.",
        "en": "Unsafe link removed (`{value}`): use an address with `https://` or `mailto:`.",
    },
    "E23.image": {
        "nl": "Beeld in de tekst verwijderd (`{value}`): zet het bij `media`, met een `alt`.",
        "en": "Picture in the text removed (`{value}`): put it under `media`, with an `alt`.",
    },
    "E24": {
        "nl": "`open` heeft minstens twee voorbeeldreacties nodig (en hooguit vier); hier staan er "
        "{count}.",
        "en": "`open` needs at least two example reactions (and at most four); here there are "
        "{count}.",
    },
    # --- E25–E27: fields that are missing or do not fit ------------------------------------------
    "E25": {
        "nl": "`{field}` ontbreekt of is leeg. Vul het in.",
        "en": "`{field}` is missing or empty. Fill it in.",
    },
    "E26": {
        "nl": "`{field}` past hier niet. Kijk in de handleiding wat hier hoort.",
        "en": "`{field}` does not fit here. See the author's guide for what belongs here.",
    },
    "E26.format": {
        "nl": "Onbekend `format`. Kies {allowed}.",
        "en": "Unknown `format`. Choose {allowed}.",
    },
    "E26.type": {
        "nl": "Onbekend of ontbrekend `type`. Kies {allowed}.",
        "en": "Unknown or missing `type`. Choose {allowed}.",
    },
    "E26.media": {
        "nl": "Hier hoort `image:`, `video:` of `audio:` met een bestandsnaam.",
        "en": "Write `image:`, `video:` or `audio:` here, with a file name.",
    },
    "E26.oneof": {
        "nl": "`{field}: {value}` kan niet. Kies {allowed}.",
        "en": "`{field}: {value}` is not possible. Choose {allowed}.",
    },
    "E26.text": {
        "nl": "`{field}` moet tekst zijn. Zet de tekst tussen aanhalingstekens.",
        "en": "`{field}` must be text. Put the text between quotes.",
    },
    "E26.long": {
        "nl": "`{field}` is te lang. Houd het op hooguit {limit} tekens.",
        "en": "`{field}` is too long. Keep it to at most {limit} characters.",
    },
    "E26.slug": {
        "nl": "`{value}` is geen bruikbare naam. Gebruik kleine letters, cijfers en losse "
        "streepjes, zoals `eerste-gesprek`.",
        "en": "`{value}` is not a usable name. Use lower-case letters, digits and single hyphens, "
        "such as `first-talk`.",
    },
    "E26.lang": {
        "nl": "`{value}` is geen taalcode. Schrijf `nl`, `en` of bijvoorbeeld `nl-BE`.",
        "en": "`{value}` is not a language code. Write `nl`, `en` or for example `nl-BE`.",
    },
    "E26.number": {
        "nl": "`{field}` moet een heel getal zijn van {least} tot {most}.",
        "en": "`{field}` must be a whole number from {least} to {most}.",
    },
    "E26.yesno": {
        "nl": "`{field}` is `true` of `false`.",
        "en": "`{field}` is `true` or `false`.",
    },
    "E26.date": {
        "nl": "`{field}` moet een bestaande datum zijn, geschreven als 2028-08-01.",
        "en": "`{field}` must be an existing date, written as 2028-08-01.",
    },
    "E26.seconds": {
        "nl": "`{field}` is een plek in de video. Schrijf seconden of `m:ss`, zoals `1:30`.",
        "en": "`{field}` is a place in the video. Write seconds or `m:ss`, such as `1:30`.",
    },
    "E26.video": {
        "nl": "`at` pauzeert een video, maar deze knoop heeft er geen. Voeg bij `media` een video "
        "toe of haal `at` weg.",
        "en": "`at` pauses a video, but this node has none. Add a video under `media` or remove "
        "`at`.",
    },
    "E26.list": {
        "nl": "`{field}` moet een lijst zijn, met `-` voor elke regel of tussen [ en ].",
        "en": "`{field}` must be a list, with `-` before every entry or between [ and ].",
    },
    "E26.fields": {
        "nl": "`{field}` bestaat uit eigen velden. Zet die ingesprongen onder elkaar.",
        "en": "`{field}` consists of fields of its own. Put those below each other, indented.",
    },
    "E26.paragraph": {
        "nl": "Een alinea is tekst, of bestaat uit `text` met `when`, `who` of `mood`. Schrijf "
        "haar zo.",
        "en": "A paragraph is text, or consists of `text` with `when`, `who` or `mood`. Write it "
        "that way.",
    },
    "E26.count": {
        "nl": "Bij `{field}` horen er {limits}; hier staan er {count}.",
        "en": "`{field}` takes {limits}; here there are {count}.",
    },
    "E26.when": {
        "nl": "`when` is leeg. Noem een vlag bij `all`, `any` of `none`, of haal `when` weg.",
        "en": "`when` is empty. Name a flag at `all`, `any` or `none`, or remove `when`.",
    },
    "E27.endings": {
        "nl": "De regel `named_endings` noemt geen einden. Zet ze bij `endings`.",
        "en": "The rule `named_endings` names no endings. List them at `endings`.",
    },
    "E27.ending": {
        "nl": "`{name}` is geen einde en kan dus niet bij `endings` staan. Noem een `ending`.",
        "en": "`{name}` is not an ending, so it cannot stand under `endings`. Name an `ending`.",
    },
    "E27.rule": {
        "nl": "`endings` telt alleen mee bij de regel `named_endings`. Haal het weg of kies die "
        "regel.",
        "en": "`endings` only counts with the rule `named_endings`. Remove it or choose that rule.",
    },
    "E27.required": {
        "nl": "De regel `required_nodes` kan nooit uitkomen: geef minstens één knoop "
        "`required: true`.",
        "en": "The rule `required_nodes` can never be met: give at least one node "
        "`required: true`.",
    },
    "E27.reflect": {
        "nl": "De regel `reflection` kan nooit uitkomen: voeg een `reflect` toe.",
        "en": "The rule `reflection` can never be met: add a `reflect`.",
    },
    # --- Warnings --------------------------------------------------------------------------------
    "W1": {
        "nl": "Vlag `{name}` wordt gezet maar nooit gebruikt. Gebruik haar in een `when` of haal "
        "haar weg.",
        "en": "Flag `{name}` is set but never used. Use it in a `when` or remove it.",
    },
    "W1.idle": {
        "nl": "Vlag `{name}` wordt nergens gezet en nergens gebruikt. Haal haar weg.",
        "en": "Flag `{name}` is neither set nor used anywhere. Remove it.",
    },
    "W2": {
        "nl": "Voorwaarde is op alle paden waar: haal haar weg.",
        "en": "This condition is true on every path: remove it.",
    },
    "W2.never": {
        "nl": "Voorwaarde is op geen enkel pad waar: hier komt niemand. Verander of verwijder "
        "haar.",
        "en": "This condition is true on no path: nobody gets here. Change or remove it.",
    },
    "W3": {
        "nl": "Toetstaal (`{value}`): beschrijf het effect.",
        "en": "Test language (`{value}`): describe the effect.",
    },
    "W4": {
        "nl": "Alle reacties hebben hetzelfde effect ({effect}). Laat ze verschillen in wat ze "
        "doen.",
        "en": "All reactions have the same effect ({effect}). Let them differ in what they do.",
    },
    "W4.longest": {
        "nl": "De sterke reactie is in elke keuze duidelijk de langste, en valt daardoor op. Maak "
        "de reacties even lang.",
        "en": "The strong reaction is clearly the longest in every choice, which gives it away. "
        "Make the reactions equally long.",
    },
    "W5": {
        "nl": "Linktekst `{value}` leidt ook naar een andere plek. Geef elke plek een eigen tekst.",
        "en": "Link text `{value}` also leads to another place. Give each place a text of its own.",
    },
    "W6": {
        "nl": "Link naar YouTube plaatst cookies (`{value}`): host de video zelf.",
        "en": "A link to YouTube sets cookies (`{value}`): host the video yourself.",
    },
    # --- Files that are handed in ----------------------------------------------------------------
    **PACKAGE_TEXTS,
}
