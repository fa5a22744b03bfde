"""The sentences about files that are handed in: zips and media. Part of `problem_texts`."""

PACKAGE_TEXTS: dict[str, dict[str, str]] = {
    "E21.large": {
        "nl": "Mediabestand `{name}` is groter dan {limit} MB. Maak het kleiner.",
        "en": "Media file `{name}` is larger than {limit} MB. Make it smaller.",
    },
    "E21.total": {
        "nl": "De mediabestanden van dit item zijn samen groter dan {limit} MB. Maak ze kleiner.",
        "en": "The media files of this item are larger than {limit} MB together. Make them "
        "smaller.",
    },
    "E21.picture": {
        "nl": "Beeld `{name}` is beschadigd en niet te openen. Bewaar het opnieuw als PNG, JPEG "
        "of WebP.",
        "en": "Picture `{name}` is damaged and cannot be opened. Save it again as PNG, JPEG or "
        "WebP.",
    },
    "E21.pixels": {
        "nl": "Beeld `{name}` heeft te veel beeldpunten. Verklein het tot hooguit {limit} miljoen.",
        "en": "Picture `{name}` has too many pixels. Reduce it to at most {limit} million.",
    },
    "E28": {
        "nl": "Dit is geen leesbaar zip-bestand. Pak het opnieuw in, of geef de map zelf.",
        "en": "This is not a readable zip file. Zip it again, or hand over the folder itself.",
    },
    "E28.damaged": {
        "nl": "`{name}` in deze zip is beschadigd. Pak de zip opnieuw in.",
        "en": "`{name}` in this zip is damaged. Zip it again.",
    },
    "E28.name": {
        "nl": "`{name}` in deze zip heeft een naam die buiten het pakket wijst. Gebruik namen "
        "zonder `..`, `\\` en schijfletters, die niet met `/` beginnen.",
        "en": "`{name}` in this zip has a name that points outside the package. Use names without "
        "`..`, `\\` and drive letters that do not begin with `/`.",
    },
    "E28.link": {
        "nl": "`{name}` in deze zip is een snelkoppeling of een bijzonder bestand. Doe het bestand "
        "zelf in de zip.",
        "en": "`{name}` in this zip is a link or a special file. Put the file itself in the zip.",
    },
    "E28.encrypted": {
        "nl": "`{name}` in deze zip is versleuteld. Pak de zip opnieuw in zonder wachtwoord.",
        "en": "`{name}` in this zip is encrypted. Zip it again without a password.",
    },
    "E28.method": {
        "nl": "`{name}` is ingepakt op een manier die hier niet opengaat. Maak een gewone zip.",
        "en": "`{name}` is packed in a way that cannot be opened here. Make an ordinary zip.",
    },
    "E28.twice": {
        "nl": "`{name}` staat twee keer in deze zip (hoofdletters tellen niet). Haal er één weg.",
        "en": "`{name}` is in this zip twice (capitals do not count). Remove one of them.",
    },
    "E28.overlap": {
        "nl": "In deze zip lopen bestanden door elkaar heen bij `{name}`. Pak de zip opnieuw in.",
        "en": "Files run through each other at `{name}` in this zip. Zip it again.",
    },
    "E28.many": {
        "nl": "Deze zip bevat meer dan {limit} bestanden. Doe er alleen in wat het item gebruikt.",
        "en": "This zip holds more than {limit} files. Put in only what the item uses.",
    },
    "E28.large": {
        "nl": "`{name}` in deze zip is uitgepakt groter dan {limit} MB. Maak het bestand kleiner.",
        "en": "`{name}` in this zip is larger than {limit} MB when unpacked. Make the file "
        "smaller.",
    },
    "E28.total": {
        "nl": "Deze zip is uitgepakt groter dan {limit} MB. Verdeel de items over meer zips.",
        "en": "This zip is larger than {limit} MB when unpacked. Spread the items over more zips.",
    },
    "E28.ratio": {
        "nl": "`{name}` is verdacht sterk samengeperst. Pak de zip opnieuw in zonder compressie.",
        "en": "`{name}` is compressed suspiciously well. Zip it again without compression.",
    },
    "E28.type": {
        "nl": "`{name}` hoort niet in een pakket: SVG, HTML en scripts komen er niet in. Alleen "
        "{allowed}.",
        "en": "`{name}` does not belong in a package: SVG, HTML and scripts are not taken. Only "
        "{allowed}.",
    },
    "E28.none": {
        "nl": "Hier staat geen document. Zet er een (`*.yaml`) bovenaan in de map of zip.",
        "en": "There is no document here. Put one (`*.yaml`) at the top of the folder or zip.",
    },
}
