"""The sentences of all findings: what is the matter, and what to do.

English stands here, Dutch in the catalogue (`make translations`). Keys are the kinds of
`findings.Finding`; what stands between braces is filled from its values.
"""

from lti_tool.sentences import N_

SUGGESTION = N_("Did you mean `{suggestion}`?")

TEXTS: dict[str, str] = {
    # --- E1: the file cannot be read as a document -----------------------------------------------
    "E1": N_("This is not valid YAML: put text that contains a colon between quotes."),
    "E1.syntax": N_(
        "This is not valid YAML on or just above this line: check indentation, quotes and brackets."
    ),
    "E1.tab": N_("This is not valid YAML: there is a tab here. Indent with spaces."),
    "E1.quote": N_("This is not valid YAML: a quote opens here and never closes. Close it."),
    "E1.characters": N_(
        "There is an invisible control character here. Remove it or type the text again."
    ),
    "E1.encoding": N_("This file is not UTF-8 text. Save it again as UTF-8."),
    "E1.size": N_("This document is too large to read. Split it into items of at most 1 MiB each."),
    "E1.deep": N_(
        "This is nested too deeply. Look for brackets or dashes that should not be there."
    ),
    "E1.alias": N_(
        "Anchors and aliases (`&` and `*`) cannot be used here. Write the text out, or put it "
        "between quotes."
    ),
    "E1.tag": N_(
        "YAML tags (`!`) cannot be used here. Remove the tag, or put the text between quotes."
    ),
    "E1.key": N_("A field name must be one word. Put text with brackets between quotes."),
    "E1.several": N_("A second document (`---`) begins here. Put each item in a file of its own."),
    "E1.empty": N_("This file is empty. Begin with `format: experience/1`."),
    "E1.root": N_(
        "An item consists of fields such as `format:` and `title:`. Begin with `format: "
        "experience/1`."
    ),
    "E1.file": N_("This file cannot be read. Check that it exists and that you may open it."),
    # --- E2–E7: names and references -------------------------------------------------------------
    "E2": N_("Unknown field `{field}`. Remove it or choose from: {allowed}."),
    "E2.comma": N_(
        "Unknown field `{field}`. Does this belong to the text before it? Put text that contains "
        "a comma between quotes."
    ),
    "E2.colon": N_(
        "Unknown field `{field}`. Is this ordinary text? Put a paragraph that contains a colon "
        "between quotes."
    ),
    "E3": N_("`{field}` does not exist here: describe the effect in words."),
    "E4": N_("Node id `{name}` occurs twice. Give one of the two another name."),
    "E4.field": N_("Field `{name}` stands here twice. Remove one of them."),
    "E4.id": N_("Id `{name}` occurs here twice. Give one of the two another name."),
    "E4.item": N_("Item `{name}` stands in this preparation twice. Remove one of them."),
    "E5": N_("Start node `{name}` does not exist. Name a node from `nodes` at `start`."),
    "E6": N_("`{field}: {name}` does not exist. Name a node from `nodes`."),
    "E6.retry": N_("`offer_retry: {name}` is not a choice. Name a node of type `choice`."),
    "E7": N_("Node `{name}` is a dead end: give it a `next` or make it an `ending`."),
    "E7.reaction": N_("Reaction `{name}` is a dead end: give it a `next`, the node it leads to."),
    # --- E8–E13: the graph -----------------------------------------------------------------------
    "E8": N_("Node `{name}` cannot be reached from the start. Lead to it or remove it."),
    "E9": N_(
        "No ending can be reached from `{name}` (a loop without a way out). Give the loop a way "
        "to an `ending`."
    ),
    "E9.flags": N_(
        "With flags {flags} no ending can be reached from `{name}` (a loop without a way out). "
        "Give a way to an `ending` for that case too."
    ),
    "E10": N_("There is no ending. Add a node of type `ending`."),
    "E11": N_("A choice has 2 to 5 reactions; here there are {count}. Add some or merge some."),
    "E12": N_(
        "With flags {flags} no reaction is left in `{name}`. Give one reaction without `when`."
    ),
    "E13": N_("Flag `{name}` is not declared. Add it at the top under `flags`."),
    "E13.elsewhere": N_("Only an experience has flags: remove `when` here."),
    # --- E14–E16: feedback -----------------------------------------------------------------------
    "E14": N_("Reaction `{name}` lacks *grow*: where can it still grow?"),
    "E15": N_("Reaction `{name}` lacks *works*: what works in this reaction?"),
    "E16": N_("Unknown effect `{value}`. Choose strong, partly, limited, counter or depends."),
    "E16.missing": N_(
        "Reaction `{name}` lacks *effect*. Choose strong, partly, limited, counter or depends."
    ),
    # --- E17–E22: media --------------------------------------------------------------------------
    "E17": N_(
        'Picture without `alt`: describe what it shows, or write `alt: ""` if it is decorative.'
    ),
    "E18": N_(
        "Video `{name}` without captions in the language of this item. Add `captions: {{{lang}: "
        "file.vtt}}`."
    ),
    "E19": N_("Video or audio `{name}` without a transcript. Add `transcript: file.md`."),
    "E20": N_(
        "Caption file `{name}` is not valid WebVTT (line {vtt_line}). Look there at the times, "
        "`-->` and the empty lines."
    ),
    "E21": N_("Media file `{name}` is missing. Put it in the same folder as this document."),
    "E21.type": N_("`{name}` is not an allowed type here. Use {allowed}."),
    "E21.name": N_(
        "`{value}` is not a usable file name. Put the file beside this document and use only "
        "letters, digits, dot, `-` and `_`."
    ),
    "E22": N_("Consent for `{name}` ended on {date}. Ask for it again or replace the file."),
    # --- E23, E24 --------------------------------------------------------------------------------
    "E23": N_("Unsafe HTML removed (`{value}`): check the text and use Markdown."),
    "E23.link": N_("Unsafe link removed (`{value}`): use an address with `https://` or `mailto:`."),
    "E23.image": N_(
        "Picture in the text removed (`{value}`): put it under `media`, with an `alt`."
    ),
    "E24": N_(
        "`open` needs at least two example reactions (and at most four); here there are {count}."
    ),
    # --- E25–E27: fields that are missing or do not fit ------------------------------------------
    "E25": N_("`{field}` is missing or empty. Fill it in."),
    "E26": N_("`{field}` does not fit here. See the author's guide for what belongs here."),
    "E26.format": N_("Unknown `format`. Choose {allowed}."),
    "E26.type": N_("Unknown or missing `type`. Choose {allowed}."),
    "E26.media": N_("Write `image:`, `video:` or `audio:` here, with a file name."),
    "E26.oneof": N_("`{field}: {value}` is not possible. Choose {allowed}."),
    "E26.text": N_("`{field}` must be text. Put the text between quotes."),
    "E26.long": N_("`{field}` is too long. Keep it to at most {limit} characters."),
    "E26.slug": N_(
        "`{value}` is not a usable name. Use lower-case letters, digits and single hyphens, such "
        "as `first-talk`."
    ),
    "E26.lang": N_("`{value}` is not a language code. Write `nl`, `en` or for example `nl-BE`."),
    "E26.number": N_("`{field}` must be a whole number from {least} to {most}."),
    "E26.yesno": N_("`{field}` is `true` or `false`."),
    "E26.date": N_("`{field}` must be an existing date, written as 2028-08-01."),
    "E26.seconds": N_(
        "`{field}` is a place in the video. Write seconds or `m:ss`, such as `1:30`."
    ),
    "E26.video": N_(
        "`at` pauses a video, but this node has none. Add a video under `media` or remove `at`."
    ),
    "E26.list": N_("`{field}` must be a list, with `-` before every entry or between [ and ]."),
    "E26.fields": N_(
        "`{field}` consists of fields of its own. Put those below each other, indented."
    ),
    "E26.paragraph": N_(
        "A paragraph is text, or consists of `text` with `when`, `who` or `mood`. Write it that "
        "way."
    ),
    "E26.count": N_("`{field}` takes {limits}; here there are {count}."),
    "E26.when": N_("`when` is empty. Name a flag at `all`, `any` or `none`, or remove `when`."),
    "E26.group": N_("`most` is less than `fewest`. Name the largest group that fits at `most`."),
    "E27.endings": N_("The rule `named_endings` names no endings. List them at `endings`."),
    "E27.ending": N_(
        "`{name}` is not an ending, so it cannot stand under `endings`. Name an `ending`."
    ),
    "E27.rule": N_(
        "`endings` only counts with the rule `named_endings`. Remove it or choose that rule."
    ),
    "E27.required": N_(
        "The rule `required_nodes` can never be met: give at least one node `required: true`."
    ),
    "E27.reflect": N_("The rule `reflection` can never be met: add a `reflect`."),
    # --- Warnings --------------------------------------------------------------------------------
    "W1": N_("Flag `{name}` is set but never used. Use it in a `when` or remove it."),
    "W1.idle": N_("Flag `{name}` is neither set nor used anywhere. Remove it."),
    "W2": N_("This condition is true on every path: remove it."),
    "W2.never": N_("This condition is true on no path: nobody gets here. Change or remove it."),
    "W2.shown": N_("This paragraph is there on every path: remove its `when`."),
    "W2.hidden": N_(
        "This paragraph is there on no path: nobody reads it. Change its `when` or remove it."
    ),
    "W3": N_("Test language (`{value}`): describe the effect."),
    "W4": N_("All reactions have the same effect ({effect}). Let them differ in what they do."),
    "W4.longest": N_(
        "The strong reaction is clearly the longest in every choice, which gives it away. Make "
        "the reactions equally long."
    ),
    "W5": N_("Link text `{value}` also leads to another place. Give each place a text of its own."),
    "W6": N_("A link to YouTube sets cookies (`{value}`): host the video yourself."),
    "W16": N_(
        "The rounds take {sum} minutes together, but `minutes` says {minutes}. Make them agree."
    ),
    # --- People and what they say ----------------------------------------------------------------
    "E29": N_("`{name}` is not in the cast. Add this person at the top under `cast`."),
    "E29.mood": N_(
        "`{name}` has no portrait `{mood}`. Add it under `portraits` or choose another mood."
    ),
    "E29.nobody": N_("`mood` says how somebody looks, but not who. Add `who` or remove `mood`."),
    "E29.elsewhere": N_("Only an experience has a cast: remove `who` and `mood` here."),
    "E30": N_(
        "With flags {flags} nothing is left of `{field}`. Give one paragraph without `when`."
    ),
    "E31": N_(
        "The scene can be replayed from the chair of `{name}`, but `{node}` does not say what "
        "this person thinks. Add `inside` or remove `chair`."
    ),
    "E31.feedback": N_(
        "The scene can be replayed from the chair of `{name}`, but after `{reaction}` nobody "
        "reads what this person thinks. Add `inside` to the feedback or remove `chair`."
    ),
    "W12": N_(
        "`{name}` is in the cast but never speaks, looks or thinks. Let this person appear or "
        "remove them."
    ),
    "W12.mood": N_(
        "Portrait `{mood}` of `{name}` is never shown. Use it in a `mood` or remove it."
    ),
    "W13": N_(
        "Portraits of `{name}` differ in shape ({one} and {other} pixels), so the page jumps when "
        "the mood changes. Give them the same shape."
    ),
    "W13.small": N_(
        "Portrait `{file}` is {size} pixels, which looks blurred. Make it at least {least} wide "
        "and high."
    ),
    "W14": N_(
        "Nobody reads what `{name}` thinks here: a scene is only replayed from the chair named at "
        "`chair`. Remove it or move it to the feedback."
    ),
    "W15": N_("What somebody says is shown as dialogue. Leave out the quotation marks."),
    # --- Drama -----------------------------------------------------------------------------------
    "W7": N_(
        "Whatever is chosen at `{name}`, all that follows reads the same. Let a later paragraph, "
        "reaction or place depend on it."
    ),
    "W8": N_(
        "Ending `{name}` says the same whatever was chosen. Let a paragraph with `when` mention "
        "what was done."
    ),
    "W9": N_(
        "Ending `{name}` reads the same with flags {one} and with flags {other}. Let a paragraph "
        "mention the difference."
    ),
    "W10": N_(
        "Only {count} of {all} choices change something that can be read later. Let at least two "
        "thirds do so."
    ),
    "W11": N_(
        "With `shuffle: false` the strong reaction always stands at place {position}, which gives "
        "it away. Change the order or remove `shuffle`."
    ),
    "W11.spread": N_(
        "Of {all} strong reactions {count} stand at place {position}. Spread them over the places."
    ),
    # --- Files that are handed in ----------------------------------------------------------------
    "E21.large": N_("Media file `{name}` is larger than {limit} MB. Make it smaller."),
    "E21.total": N_(
        "The media files of this item are larger than {limit} MB together. Make them smaller."
    ),
    "E21.picture": N_(
        "Picture `{name}` is damaged and cannot be opened. Save it again as PNG, JPEG or WebP."
    ),
    "E21.pixels": N_("Picture `{name}` has too many pixels. Reduce it to at most {limit} million."),
    "E28": N_("This is not a readable zip file. Zip it again, or hand over the folder itself."),
    "E28.damaged": N_("`{name}` in this zip is damaged. Zip it again."),
    "E28.name": N_(
        "`{name}` in this zip has a name that points outside the package. Use names without `..`, "
        "`\\` and drive letters that do not begin with `/`."
    ),
    "E28.link": N_(
        "`{name}` in this zip is a link or a special file. Put the file itself in the zip."
    ),
    "E28.encrypted": N_("`{name}` in this zip is encrypted. Zip it again without a password."),
    "E28.method": N_(
        "`{name}` is packed in a way that cannot be opened here. Make an ordinary zip."
    ),
    "E28.twice": N_("`{name}` is in this zip twice (capitals do not count). Remove one of them."),
    "E28.overlap": N_("Files run through each other at `{name}` in this zip. Zip it again."),
    "E28.many": N_("This zip holds more than {limit} files. Put in only what the item uses."),
    "E28.large": N_(
        "`{name}` in this zip is larger than {limit} MB when unpacked. Make the file smaller."
    ),
    "E28.total": N_(
        "This zip is larger than {limit} MB when unpacked. Spread the items over more zips."
    ),
    "E28.ratio": N_("`{name}` is compressed suspiciously well. Zip it again without compression."),
    "E28.type": N_(
        "`{name}` does not belong in a package: SVG, HTML and scripts are not taken. Only "
        "{allowed}."
    ),
    "E28.none": N_(
        "There is no document here. Put one (`*.yaml`) at the top of the folder or zip."
    ),
}
