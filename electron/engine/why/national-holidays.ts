/**
 * Public holidays that hold in the whole of a country, by ISO 3166 code, in the grammar of date-holidays-parser. Facts of
 * law, kept here since the collection that goes with the parser asks for attribution. Moved days (a holiday on a Sunday
 * that is kept on a Monday) and holidays of regions are not in it.
 */
const common = {
  newYear: ['01-01', "New Year's Day"],
  epiphany: ['01-06', 'Epiphany'],
  goodFriday: ['easter -2', 'Good Friday'],
  easter: ['easter', 'Easter Sunday'],
  easterMonday: ['easter 1', 'Easter Monday'],
  labor: ['05-01', 'Labor Day'],
  ascension: ['easter 39', 'Ascension Day'],
  whitSunday: ['easter 49', 'Whit Sunday'],
  whitMonday: ['easter 50', 'Whit Monday'],
  corpus: ['easter 60', 'Corpus Christi'],
  assumption: ['08-15', 'Assumption Day'],
  allSaints: ['11-01', "All Saints' Day"],
  immaculate: ['12-08', 'Immaculate Conception'],
  christmas: ['12-25', 'Christmas Day'],
  secondChristmas: ['12-26', 'Second Day of Christmas'],
} as const

type Day = readonly [rule: string, name: string]
const { newYear, epiphany, goodFriday, easter, easterMonday, labor, ascension, whitSunday, whitMonday, corpus, assumption, allSaints, immaculate, christmas, secondChristmas } = common

export const nationalHolidays: Readonly<Record<string, readonly Day[]>> = {
  AT: [newYear, epiphany, easterMonday, labor, ascension, whitMonday, corpus, assumption, ['10-26', 'National Day'], allSaints, immaculate, christmas, secondChristmas],
  AU: [newYear, ['01-26', 'Australia Day'], goodFriday, easterMonday, ['04-25', 'Anzac Day'], christmas, ['12-26', 'Boxing Day']],
  BE: [newYear, easterMonday, labor, ascension, whitMonday, ['07-21', 'National Day'], assumption, allSaints, ['11-11', 'Armistice Day'], christmas],
  BR: [newYear, goodFriday, ['04-21', 'Tiradentes'], labor, ['09-07', 'Independence Day'], ['10-12', 'Our Lady of Aparecida'], ['11-02', "All Souls' Day"], ['11-15', 'Republic Day'], christmas],
  CA: [newYear, goodFriday, ['monday before 05-25', 'Victoria Day'], ['07-01', 'Canada Day'], ['1st monday in September', 'Labour Day'], ['2nd monday in October', 'Thanksgiving'], christmas],
  CH: [newYear, ascension, ['08-01', 'National Day'], christmas],
  CZ: [newYear, goodFriday, easterMonday, labor, ['05-08', 'Liberation Day'], ['07-05', 'Cyril and Methodius'], ['07-06', 'Jan Hus Day'], ['09-28', 'Statehood Day'], ['10-28', 'Independence Day'], ['11-17', 'Freedom and Democracy Day'], ['12-24', 'Christmas Eve'], christmas, secondChristmas],
  DE: [newYear, goodFriday, easterMonday, labor, ascension, whitMonday, ['10-03', 'German Unity Day'], christmas, secondChristmas],
  DK: [newYear, ['easter -3', 'Maundy Thursday'], goodFriday, easter, easterMonday, ascension, whitSunday, whitMonday, christmas, secondChristmas],
  ES: [newYear, epiphany, goodFriday, labor, assumption, ['10-12', 'National Day'], allSaints, ['12-06', 'Constitution Day'], immaculate, christmas],
  FI: [newYear, epiphany, goodFriday, easter, easterMonday, labor, ascension, whitSunday, ['saturday after 06-20', 'Midsummer Day'], ['saturday after 10-31', "All Saints' Day"], ['12-06', 'Independence Day'], christmas, secondChristmas],
  FR: [newYear, easterMonday, labor, ['05-08', 'Victory Day'], ascension, whitMonday, ['07-14', 'Bastille Day'], assumption, allSaints, ['11-11', 'Armistice Day'], christmas],
  GB: [newYear, goodFriday, easterMonday, ['1st monday in May', 'Early May Bank Holiday'], ['monday before 06-01', 'Spring Bank Holiday'], ['monday before 09-01', 'Summer Bank Holiday'], christmas, ['12-26', 'Boxing Day']],
  IE: [newYear, ['03-17', "Saint Patrick's Day"], easterMonday, ['1st monday in May', 'May Day'], ['1st monday in June', 'June Holiday'], ['1st monday in August', 'August Holiday'], ['monday before 11-01', 'October Holiday'], christmas, ['12-26', "Saint Stephen's Day"]],
  IT: [newYear, epiphany, easter, easterMonday, ['04-25', 'Liberation Day'], labor, ['06-02', 'Republic Day'], assumption, allSaints, immaculate, christmas, secondChristmas],
  NL: [newYear, easter, easterMonday, ['04-27', "King's Day"], ascension, whitSunday, whitMonday, christmas, secondChristmas],
  NO: [newYear, ['easter -3', 'Maundy Thursday'], goodFriday, easter, easterMonday, labor, ['05-17', 'Constitution Day'], ascension, whitSunday, whitMonday, christmas, secondChristmas],
  PL: [newYear, epiphany, easter, easterMonday, labor, ['05-03', 'Constitution Day'], whitSunday, corpus, assumption, allSaints, ['11-11', 'Independence Day'], christmas, secondChristmas],
  PT: [newYear, goodFriday, easter, ['04-25', 'Freedom Day'], labor, corpus, ['06-10', 'Portugal Day'], assumption, ['10-05', 'Republic Day'], allSaints, ['12-01', 'Restoration of Independence'], immaculate, christmas],
  RU: [newYear, ['01-07', 'Orthodox Christmas'], ['02-23', 'Defender of the Fatherland Day'], ['03-08', "International Women's Day"], labor, ['05-09', 'Victory Day'], ['06-12', 'Russia Day'], ['11-04', 'Unity Day']],
  SE: [newYear, epiphany, goodFriday, easter, easterMonday, labor, ascension, whitSunday, ['06-06', 'National Day'], ['saturday after 06-20', 'Midsummer Day'], ['saturday after 10-31', "All Saints' Day"], christmas, secondChristmas],
  US: [newYear, ['3rd monday in January', 'Martin Luther King Jr. Day'], ['3rd monday in February', "Washington's Birthday"], ['monday before 06-01', 'Memorial Day'], ['06-19', 'Juneteenth'], ['07-04', 'Independence Day'], ['1st monday in September', 'Labor Day'], ['2nd monday in October', 'Columbus Day'], ['11-11', 'Veterans Day'], ['4th thursday in November', 'Thanksgiving'], christmas],
}
