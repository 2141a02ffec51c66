//! Words that carry no claim, by language. Short on purpose: a stop word that
//! is missing here only gets a low weight, because every sentence has it.

use std::sync::LazyLock;

const EN: &str = "a about above after again all also although am among an and any are as at be \
because been before being below between both but by can could did do does doing down during each \
either even ever for from further get got had has have having he her here hers herself him himself \
his how however i if in into is it its itself just like made make many may me might more most much must my \
myself neither no nor not now of off on once only onto or other our ours out over own per rather \
said same say says she should since so some such than that the their theirs them themselves then \
there these they this those though through to too under until up upon us very was we were what \
when where whether which while who whom whose why will with within without would yet you your one according";
const DE: &str = "aber alle allem allen aller alles als also am an ander andere anderem anderen \
anderer anderes auch auf aus bei beim bin bis bist da dabei dadurch dafür dagegen daher damit dann \
daran darauf daraus darin darüber das dass dein deine dem den denn der deren des dessen dich die \
dies diese diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er \
es etwa etwas euch euer für gegen gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm \
ihn ihnen ihr ihre ihrem ihren ihrer ihres im in indem ins ist ja jede jedem jeden jeder jedes jene \
jetzt kann kein keine keinem keinen keiner können könnte man mehr mein meine mich mir mit muss \
musste nach nicht nichts noch nun nur ob oder ohne schon sehr sein seine seinem seinen seiner \
seines seit selbst sich sie sind so solche soll sollte sondern sonst sowie über um und uns unser \
unter vom von vor war waren warum was weg weil weiter welche welchem welchen welcher wenn wer werde \
werden wie wieder will wir wird wo wurde wurden zu zum zur zwar zwischen laut worden";
const FR: &str = "a ai alors au aucun aussi autre autres aux avait avant avec avoir c ce cela ces \
cet cette ceux chaque comme comment d dans de depuis des deux donc dont du elle elles en encore \
entre est et étaient était étant été être eu fait il ils j je l la là le les leur leurs lors lui m \
ma mais me même mes moins mon n ne ni nos notre nous on ont ou où par pas pendant peu peut plus \
pour pourquoi qu quand que quel quelle quelles quels qui s sa sans se sera ses si son sont sous sur \
t ta te tes ton tous tout toute toutes très tu un une vers vos votre vous y selon";
const ES: &str = "a al algo algunos ante antes aquel como con contra cual cuando de del desde donde \
dos durante e el él ella ellas ellos en entre era eran es esa ese eso esta está están estas este \
esto estos fue fueron ha había han hasta hay la las le les lo los más me mi mientras muy nada ni no \
nos nosotros o os otra otro otros para pero poco por porque que qué quien se sea según ser si sí \
sido sin sobre son su sus también tan tanto te tiene todo todos tu un una uno unos y ya yo";
const NO: &str = "alle andre at av bare begge ble blei bli blir da de deg dei deim deira dem den \
denne der dere deres det dette di din disse du eg ein eit eller en ener er et ett etter for fordi \
fra før ha hadde han har hennes her hos hun hva hvem hver hvilken hvis hvor hvordan hvorfor i ikke \
ikkje ingen inn jeg kan kom kun kunne man mange med meg mellom men mens mer mot må nå når nok noe \
noen og også om opp oss over på samme seg selv si sin sine sitt skal skulle slik som så til ut \
uten var ved vi vil ville være vært vår å";
const RU: &str = "а без более бы был была были было быть в вам вас весь во вот все всего всех вы \
где да даже для до его ее её если есть еще ещё же за здесь и из или им их к как когда кто ли лишь \
между меня мне может мы на над надо не него нее нет ни них но ну о об однако он она они оно от \
очень по под после потом при про раз с сам свою себя со так также там те тем то того тоже той \
только том тот ты у уже хотя чего чем что чтобы эта эти это этого этой этом этот я";
const NL: &str = "aan al alle als bij dan dat de der deze die dit door een en er haar had heb hebben \
heeft het hier hij hoe hun ik in is je kan maar me meer men met mijn naar niet nog nu of om onder \
ook op over te tot u uit uw van veel voor was wat we werd wie wij worden wordt zal ze zich zij zijn zo zou";
const IT: &str = "a ad al alla alle anche che chi ci come con cui da dal dalla dei del della delle \
di dopo e è ed era gli ha hanno i il in io l la le lei lo loro lui ma mi nel nella no noi non o per \
perché più quale quando quello questa questo se si sono su sua sul sulla suo un una uno";
const PT: &str = "a ao aos as até com como da das de dela dele depois do dos e é ela ele eles em \
entre era essa esse esta está este eu foi foram há isso já mais mas me mesmo na não nas no nos o os \
ou para pela pelo por qual quando que quem se sem ser seu sua são também tem um uma";
const SV: &str = "alla att av blev bli blir de dem den denna deras det detta dig din du där då efter \
ej eller en er ett från för ha hade han hans har hennes hon hur här i icke ingen inte jag kan kunde \
man med mellan men mig min mot mycket ni nu när någon något och om oss på samma sedan sig sin sitt \
skulle som så till under upp ut utan vad var vara varit vem vi vid vilken än är åt över";

/// The stop words of a language, for many look-ups.
#[derive(Debug)]
pub(in crate::evidence) struct StopWords {
    /// By length in bytes and first byte, so that most words are told at a glance.
    rows: Vec<Vec<&'static str>>,
}

/// Longest stop word in bytes, and one.
const LENGTHS: usize = 24;

impl StopWords {
    fn of(list: &'static str) -> Self {
        let mut rows = vec![Vec::new(); LENGTHS << 8];
        for word in list.split_ascii_whitespace() {
            if let Some(row) = Self::row(word).and_then(|row| rows.get_mut(row)) {
                row.push(word);
            }
        }
        Self { rows }
    }

    fn row(word: &str) -> Option<usize> {
        let first = *word.as_bytes().first()?;
        (word.len() < LENGTHS).then(|| word.len() << 8 | usize::from(first))
    }

    /// Whether a word in small letters is one.
    pub(in crate::evidence) fn have(&self, word: &str) -> bool {
        Self::row(word)
            .and_then(|row| self.rows.get(row))
            .is_some_and(|row| row.contains(&word))
    }
}

/// The stop words for an ISO 639-1 code.
pub(in crate::evidence) fn stop_words(language: &str) -> &'static StopWords {
    macro_rules! table {
        ($list:ident) => {{
            static TABLE: LazyLock<StopWords> = LazyLock::new(|| StopWords::of($list));
            &TABLE
        }};
    }
    match language {
        "de" => table!(DE),
        "fr" => table!(FR),
        "es" => table!(ES),
        "no" | "nb" | "nn" | "da" => table!(NO),
        "ru" => table!(RU),
        "nl" => table!(NL),
        "it" => table!(IT),
        "pt" => table!(PT),
        "sv" => table!(SV),
        _ => table!(EN),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_a_list_is_found() {
        for (language, list) in [("en", EN), ("de", DE), ("ru", RU), ("no", NO)] {
            let table = stop_words(language);
            assert!(list.split_ascii_whitespace().all(|word| table.have(word)));
            assert!(!table.have("harbour") && !table.have(""));
        }
    }
}
