//! Units: what a number counts in, and when two of them measure the same.
//!
//! **In:** the words after a numeral, the sign before it. **Out:** a [`Unit`].
//! **Not here:** counted nouns ("17 people"): see `counted`.

/// What a number is measured in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unit {
    /// A bare number, or a count of things.
    None,
    Percent,
    /// Percentage points.
    Points,
    /// A currency by its ISO 4217 code; `XXX` for "dollars" and the like without a country.
    Money(&'static str),
    /// A dimension and the factor to its base unit.
    Measure(Dimension, f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dimension {
    Length,
    Area,
    Mass,
    Volume,
    Speed,
    Power,
    Energy,
    Celsius,
    Fahrenheit,
    /// Seconds, minutes, hours, days, weeks.
    Time,
    /// Months and years: how many days they have is not said.
    Months,
}

impl Unit {
    /// Whether numbers in the two can be compared.
    pub(super) fn comparable(self, other: Self) -> bool {
        match (self, other) {
            (Self::Measure(a, _), Self::Measure(b, _)) => a == b,
            // "5 dollars" may be those of any country.
            (Self::Money(a), Self::Money(b)) => {
                a == b || (a == "USD" && b == "XXX") || (a == "XXX" && b == "USD")
            }
            (a, b) => a == b,
        }
    }

    /// Factor to the base unit of its dimension.
    pub(super) const fn factor(self) -> f64 {
        match self {
            Self::Measure(_, factor) => factor,
            Self::None | Self::Percent | Self::Points | Self::Money(_) => 1.0,
        }
    }
}

/// The unit that the words in small letters after a numeral name, and how many of them.
/// `tight` says that the first is written to the numeral without a space.
pub(super) fn after(words: &[&str], tight: bool) -> Option<(Unit, usize)> {
    let first = *words.first()?;
    let second = words.get(1).copied().unwrap_or("");
    let two = match (first, second) {
        ("percentage", "point" | "points") => Some(Unit::Points),
        ("per", "cent" | "cento") | ("pour", "cent") | ("por", "ciento" | "cento") => {
            Some(Unit::Percent)
        }
        ("us", "dollars" | "dollar") => Some(Unit::Money("USD")),
        ("square", "kilometres" | "kilometers" | "kilometre" | "kilometer")
        | ("kilomètres", "carrés")
        | ("kilómetros", "cuadrados")
        | ("квадратных", "километров") => {
            Some(Unit::Measure(Dimension::Area, 1e6))
        }
        ("square", "miles" | "mile") => Some(Unit::Measure(Dimension::Area, 2.589_988e6)),
        ("square", "metres" | "meters" | "metre" | "meter") => {
            Some(Unit::Measure(Dimension::Area, 1.0))
        }
        ("square", "feet") => Some(Unit::Measure(Dimension::Area, 0.092_903)),
        ("degrees", "celsius") | ("degree", "celsius") | ("grad", "celsius") => {
            Some(Unit::Measure(Dimension::Celsius, 1.0))
        }
        ("degrees", "fahrenheit") => Some(Unit::Measure(Dimension::Fahrenheit, 1.0)),
        _ => None,
    };
    if let Some(unit) = two {
        return Some((unit, 2));
    }
    let one = single(first, tight)?;
    Some((one, 1))
}

fn single(word: &str, tight: bool) -> Option<Unit> {
    use Dimension::{
        Area, Celsius, Energy, Fahrenheit, Length, Mass, Months, Power, Speed, Time, Volume,
    };
    let measure = |dimension, factor| Some(Unit::Measure(dimension, factor));
    match word {
        "percent" | "pct" | "prozent" | "procent" | "prosent" | "процент" | "процента"
        | "процентов" | "prozents" => Some(Unit::Percent),
        "prozentpunkte" | "prozentpunkten" => Some(Unit::Points),
        "dollar" | "dollars" | "dólares" | "dollari" | "dólar" | "доллар" | "доллара"
        | "долларов" => Some(Unit::Money("XXX")),
        "usd" => Some(Unit::Money("USD")),
        "euro" | "euros" | "eur" | "евро" => Some(Unit::Money("EUR")),
        "pound" | "pounds" | "pfund" | "gbp" | "sterling" => Some(Unit::Money("GBP")),
        "franken" | "chf" => Some(Unit::Money("CHF")),
        "yen" | "jpy" => Some(Unit::Money("JPY")),
        "rouble" | "roubles" | "ruble" | "rubles" | "rubel" | "rub" | "рубль" | "рубля"
        | "рублей" => Some(Unit::Money("RUB")),
        "tenge" | "kzt" | "тенге" => Some(Unit::Money("KZT")),
        "kroner" | "kronor" | "kronen" => Some(Unit::Money("SEK")),
        "rupees" | "rupee" | "inr" => Some(Unit::Money("INR")),
        "yuan" | "renminbi" | "cny" => Some(Unit::Money("CNY")),
        "km"
        | "kilometre"
        | "kilometres"
        | "kilometer"
        | "kilometers"
        | "kilometern"
        | "kilomètre"
        | "kilomètres"
        | "kilómetro"
        | "kilómetros"
        | "chilometro"
        | "chilometri"
        | "quilômetros"
        | "quilómetros"
        | "км"
        | "километр"
        | "километра"
        | "километров" => measure(Length, 1000.0),
        "metre" | "metres" | "meter" | "meters" | "metern" | "mètre" | "mètres" | "metro"
        | "metros" | "metri" | "метр" | "метра" | "метров" => measure(Length, 1.0),
        "m" if tight => measure(Length, 1.0),
        "cm" | "centimetre" | "centimetres" | "centimeter" | "centimeters" | "zentimeter"
        | "см" => measure(Length, 0.01),
        "mm" | "millimetre" | "millimetres" | "millimeter" | "millimeters" => {
            measure(Length, 0.001)
        }
        "mile" | "miles" | "meilen" | "meile" => measure(Length, 1_609.344),
        "foot" | "feet" | "ft" | "fuß" => measure(Length, 0.3048),
        "inch" | "inches" => measure(Length, 0.0254),
        "yard" | "yards" => measure(Length, 0.9144),
        "km²" | "km2" | "quadratkilometer" | "quadratkilometern" => measure(Area, 1e6),
        "m²" | "m2" | "quadratmeter" | "quadratmetern" => measure(Area, 1.0),
        "hectare" | "hectares" | "ha" | "hektar" | "hectáreas" | "ettari" | "га" | "гектаров" => {
            measure(Area, 1e4)
        }
        "acre" | "acres" => measure(Area, 4_046.856),
        "kg"
        | "kilo"
        | "kilos"
        | "kilogram"
        | "kilograms"
        | "kilogramm"
        | "kilogrammes"
        | "кг"
        | "килограмм"
        | "килограммов" => measure(Mass, 1.0),
        "gram" | "grams" | "gramm" | "grammes" => measure(Mass, 0.001),
        "tonne" | "tonnes" | "tons" | "ton" | "tonnen" | "toneladas" | "tonnellate" | "тонна"
        | "тонны" | "тонн" => measure(Mass, 1000.0),
        "lb" | "lbs" => measure(Mass, 0.453_592),
        "litre" | "litres" | "liter" | "liters" | "litern" | "litros" | "litri" | "литров" => {
            measure(Volume, 0.001)
        }
        "gallon" | "gallons" => measure(Volume, 0.003_785),
        "barrel" | "barrels" => measure(Volume, 0.158_987),
        "km/h" | "kmh" | "kph" => measure(Speed, 1.0),
        "mph" => measure(Speed, 1.609_344),
        "watt" | "watts" => measure(Power, 1.0),
        "kw" | "kilowatt" | "kilowatts" => measure(Power, 1e3),
        "mw" | "megawatt" | "megawatts" => measure(Power, 1e6),
        "gw" | "gigawatt" | "gigawatts" => measure(Power, 1e9),
        "kwh" => measure(Energy, 1.0),
        "mwh" => measure(Energy, 1e3),
        "°c" => measure(Celsius, 1.0),
        "°f" => measure(Fahrenheit, 1.0),
        "second" | "seconds" | "sekunde" | "sekunden" | "secondes" | "segundos" | "secondi"
        | "секунд" => measure(Time, 1.0),
        "minute" | "minutes" | "min" | "minuten" | "minutos" | "minuti" | "минут" | "минуты" => {
            measure(Time, 60.0)
        }
        "hour" | "hours" | "stunde" | "stunden" | "heure" | "heures" | "hora" | "horas" | "ore"
        | "uur" | "час" | "часа" | "часов" => measure(Time, 3_600.0),
        "day" | "days" | "tag" | "tage" | "tagen" | "jour" | "jours" | "día" | "días"
        | "giorni" | "giorno" | "dagen" | "dag" | "dias" | "день" | "дня" | "дней" => {
            measure(Time, 86_400.0)
        }
        "week" | "weeks" | "woche" | "wochen" | "semaine" | "semaines" | "semana" | "semanas"
        | "settimane" | "weken" | "недель" | "недели" => measure(Time, 604_800.0),
        "month" | "months" | "monat" | "monate" | "monaten" | "mois" | "mes" | "meses" | "mesi"
        | "maanden" | "месяц" | "месяца" | "месяцев" => measure(Months, 1.0),
        "year" | "years" | "jahr" | "jahre" | "jahren" | "an" | "ans" | "année" | "années"
        | "año" | "años" | "anni" | "anno" | "jaar" | "anos" | "ano" | "år" | "год" | "года"
        | "лет" => measure(Months, 12.0),
        _ => None,
    }
}

/// The currency that a sign or code directly before a numeral names.
pub(super) fn before(text: &str) -> Option<(Unit, usize)> {
    const SIGNS: [(&str, &str); 17] = [
        ("US$", "USD"),
        ("A$", "AUD"),
        ("C$", "CAD"),
        ("NZ$", "NZD"),
        ("HK$", "HKD"),
        ("R$", "BRL"),
        ("$", "USD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("¥", "JPY"),
        ("₽", "RUB"),
        ("₸", "KZT"),
        ("₹", "INR"),
        ("USD", "USD"),
        ("EUR", "EUR"),
        ("GBP", "GBP"),
        ("CHF", "CHF"),
    ];
    let near = text.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    // A sign stands beside its number.
    if text.len() - near.len() > 3 {
        return None;
    }
    let (sign, code) = SIGNS.iter().find(|(sign, _)| near.ends_with(sign))?;
    Some((Unit::Money(code), text.len() - near.len() + sign.len()))
}

/// The currency or percent sign directly after a numeral.
pub(super) fn sign(c: char) -> Option<Unit> {
    Some(match c {
        '%' | '٪' | '％' => Unit::Percent,
        '€' => Unit::Money("EUR"),
        '£' => Unit::Money("GBP"),
        '$' => Unit::Money("USD"),
        '¥' => Unit::Money("JPY"),
        '₽' => Unit::Money("RUB"),
        '₸' => Unit::Money("KZT"),
        _ => return None,
    })
}
