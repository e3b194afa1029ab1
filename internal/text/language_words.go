package text

var (
	cyrillicLanguages = []string{"ru", "uk", "be", "bg", "sr"}
	arabicLanguages   = []string{"ar", "fa", "ur"}
	latinLanguages    = []string{"en", "fr", "de", "es", "pl", "it", "pt", "nl", "tr", "sv", "cs", "ro"}

	cyrillicLetters = map[rune]string{
		'ы': "ru be", 'э': "ru be", 'ё': "ru be", 'ъ': "ru bg", 'щ': "ru uk bg",
		'і': "uk be", 'ї': "uk", 'є': "uk", 'ґ': "uk", 'ў': "be", 'ј': "sr", 'љ': "sr", 'њ': "sr", 'ћ': "sr", 'ђ': "sr", 'џ': "sr",
		'и': "ru uk bg sr",
	}
	arabicLetters = map[rune]string{'پ': "fa ur", 'چ': "fa ur", 'ژ': "fa", 'گ': "fa ur", 'ی': "fa ur", 'ٹ': "ur", 'ڈ': "ur", 'ے': "ur", 'ں': "ur", 'ة': "ar", 'ى': "ar", 'إ': "ar", 'أ': "ar", 'ي': "ar", 'ك': "ar"}
	latinLetters  = map[rune]string{
		'ß': "de", 'ä': "de sv", 'ö': "de sv tr", 'ü': "de tr es", 'é': "fr es pt cs", 'è': "fr it", 'ê': "fr pt", 'ç': "fr pt tr", 'à': "fr it pt", 'ù': "fr it", 'œ': "fr", 'î': "fr ro", 'ô': "fr pt", 'û': "fr",
		'ñ': "es", 'í': "es pt cs", 'ó': "es pl pt", 'á': "es pt cs", 'ú': "es pt cs", '¿': "es", '¡': "es",
		'ą': "pl", 'ć': "pl", 'ę': "pl", 'ł': "pl", 'ń': "pl", 'ś': "pl", 'ź': "pl", 'ż': "pl",
		'ã': "pt ro", 'õ': "pt", 'ò': "it", 'ì': "it", 'ğ': "tr", 'ı': "tr", 'ş': "tr", 'å': "sv", 'ě': "cs", 'ř': "cs", 'š': "cs", 'č': "cs", 'ů': "cs", 'ț': "ro", 'ș': "ro", 'ă': "ro",
	}

	commonWords = map[string]map[string]bool{
		"en": foldedSet("the of and to in a is for on that with as at by from it be are was he has have will after over says said not his an who but new its they this their what up out how why into more about amid than against were been us you"),
		"fr": foldedSet("le la les des du de un une et en est à au aux dans pour par sur qui que avec pas ce cette son sa ses plus après d l se ne il elle ont été sont mais ou leur entre contre selon comme fait a deux trois nous vous elle je"),
		"de": foldedSet("der die das dass dieser diesem dieses einem einigen vielen waren wurde wurden seien seit bereits wegen vom beim ihn ihm ihre sie wir zwischen und in zu den von mit dem des ist nicht für auf ein eine im sich auch nach als bei aus wird hat sind einer einen es am er über vor gegen wie zum zur um will haben werden noch nur aber oder unter an ab"),
		"es": foldedSet("el la los las de del y en que un una por con para se no su al lo es más como ha sus fue entre sobre tras pero sin este esta contra son desde hasta dos años según ante han a ni hay muy tres"),
		"pl": foldedSet("i w na z do nie się że o jest to po za od dla jak ma przez są oraz co był przed ze który która już tym tego być jego ich tylko w pod będzie nad czy także po może"),
		"it": foldedSet("il lo la gli le di del della dei e è in che un una per con non si da al alla dal nel nella sono ha ma su più come anche dopo contro i delle"),
		"pt": foldedSet("o a os as de do da dos das e em no na que um uma por com para não se ao é mais como foi após contra pelo pela são seu sua à"),
		"nl": foldedSet("de het een van en in is op te dat die voor met niet zijn aan er door om naar bij ook na uit maar wordt heeft tegen over"),
		"tr": foldedSet("ve bir bu için ile de da olarak daha çok olan en gibi sonra kadar ne o var göre karşı"),
		"sv": foldedSet("och att det som en på är av för med den till inte om ett har de i från efter vid mot"),
		"cs": foldedSet("a v na se je že s z do o k i pro by ve po jako za ale jsou od jeho při který podle proti"),
		"ro": foldedSet("și de la în cu pe o un este din să nu mai pentru că care sunt au după prin"),
		"ru": foldedSet("и в на не что с по из за о для от к как у его это до но после при об был была будет также все или со их он она они который сша во без еще чтобы уже есть нет через если мы"),
		"uk": foldedSet("і в у на не що з по із за про для від до як його це та але після при був була буде також усі або зі їх він вона вони який сша й під без ще щоб вже нас можна через якщо ми"),
		"be": foldedSet("і ў на не што з па для ад да як яго гэта але пасля пры быў была таксама або яны які"),
		"bg": foldedSet("и в на не че с по от за да се е са като до след при ще това към или той тя които"),
		"sr": foldedSet("и у на не да је се за са од о су као до после или који што ће би"),
		"ar": foldedSet("في من على الى عن ان مع هذا هذه التي الذي بعد قبل بين لا ما كان كما او ثم قال خلال حول ضد غير"),
		"fa": foldedSet("در به از که این را با است برای آن و تا بر می های شد کرد خود یک"),
		"ur": foldedSet("کے میں کی ہے اور سے کو کا پر نے یہ ہیں کہ"),
	}

	// stopWords is the union over the languages of the catalogue.
	stopWords = func() map[string]bool {
		all := map[string]bool{}
		for _, lang := range []string{"en", "fr", "de", "es", "pl", "ru", "uk", "ar"} {
			for w := range commonWords[lang] {
				all[w] = true
			}
		}
		for w := range setOf("new after over against amid years dos tras ante sobre contre selon gegen после після") {
			delete(all, w)
		}
		return all
	}()
)

func foldedSet(words string) map[string]bool { return setOf(Fold(words)) }
