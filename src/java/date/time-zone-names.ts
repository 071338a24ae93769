/** The names of time zones that Java reads and writes in locale en_US, in the order in which it searches them. */

/** A zone with its names; without summer time both offsets are equal. */
export interface NamedZone {
  /** Name in the tz database. */
  readonly id: string;
  readonly standardMinutes: number;
  readonly daylightMinutes: number;
  /** Standard time long and short, then summer time long and short. */
  readonly names: readonly string[];
}

/** A zone as it was named in a text. */
export interface ZoneMatch {
  readonly zone: NamedZone;
  /** The name's time, east of UTC. */
  readonly offsetMinutes: number;
  /** Characters of the name. */
  readonly length: number;
}

const TABLE = `
America/Los_Angeles;-480;-420;Pacific Standard Time;PST;Pacific Daylight Time;PDT
America/Denver;-420;-360;Mountain Standard Time;MST;Mountain Daylight Time;MDT
America/Chicago;-360;-300;Central Standard Time;CST;Central Daylight Time;CDT
America/New_York;-300;-240;Eastern Standard Time;EST;Eastern Daylight Time;EDT
Pacific/Honolulu;-600;-600;Hawaii-Aleutian Standard Time;HST;Hawaii-Aleutian Daylight Time;HDT
America/Anchorage;-540;-480;Alaska Standard Time;AKST;Alaska Daylight Time;AKDT
America/Halifax;-240;-180;Atlantic Standard Time;AST;Atlantic Daylight Time;ADT
America/St_Johns;-210;-150;Newfoundland Standard Time;NST;Newfoundland Daylight Time;NDT
Europe/Paris;60;120;Central European Standard Time;CET;Central European Summer Time;CEST
GMT;0;0;Greenwich Mean Time;GMT;Greenwich Mean Time;GMT
Asia/Jerusalem;120;180;Israel Standard Time;IST;Israel Daylight Time;IDT
Asia/Tokyo;540;540;Japan Standard Time;JST;Japan Daylight Time;JDT
Europe/Bucharest;120;180;Eastern European Standard Time;EET;Eastern European Summer Time;EEST
Asia/Shanghai;480;480;China Standard Time;CST;China Daylight Time;CDT
UTC;0;0;Coordinated Universal Time;UTC;Coordinated Universal Time;UTC
Australia/Darwin;570;570;Australian Central Standard Time;ACST;Australian Central Daylight Time;ACDT
Australia/Sydney;600;660;Australian Eastern Standard Time;AEST;Australian Eastern Daylight Time;AEDT
America/Sao_Paulo;-180;-180;Brasilia Standard Time;BRT;Brasilia Summer Time;BRST
Asia/Dhaka;360;360;Bangladesh Standard Time;BDT;Bangladesh Summer Time;BDST
Africa/Harare;120;120;Central Africa Time;CAT;Central African Summer Time;CAST
Africa/Addis_Ababa;180;180;East Africa Time;EAT;Eastern African Summer Time;EAST
Pacific/Apia;780;780;Apia Standard Time;WSST;Apia Daylight Time;WSDT
Asia/Yerevan;240;240;Armenia Standard Time;AMT;Armenia Summer Time;AMST
Pacific/Auckland;720;780;New Zealand Standard Time;NZST;New Zealand Daylight Time;NZDT
Asia/Karachi;300;300;Pakistan Standard Time;PKT;Pakistan Summer Time;PKST
Pacific/Guadalcanal;660;660;Solomon Islands Time;SBT;Solomon Is. Summer Time;SBST
Asia/Aden;180;180;Arabian Standard Time;AST;Arabian Daylight Time;ADT
Asia/Baku;240;240;Azerbaijan Standard Time;AZT;Azerbaijan Summer Time;AZST
Asia/Dili;540;540;East Timor Time;TLT;Timor-Leste Summer Time;TLST
Asia/Hovd;420;420;Hovd Standard Time;HOVT;Hovd Summer Time;HOVST
Asia/Omsk;360;360;Omsk Standard Time;OMST;Omsk Summer Time;OMSST
Asia/Oral;300;300;West Kazakhstan Time;ORAT;Oral Summer Time;ORAST
Asia/Aqtau;300;300;West Kazakhstan Time;AQTT;Aqtau Summer Time;AQTST
Asia/Chita;540;540;Yakutsk Standard Time;YAKT;Yakutsk Summer Time;YAKST
Asia/Dubai;240;240;Gulf Standard Time;GST;Gulf Daylight Time;GDT
Asia/Kabul;270;270;Afghanistan Time;AFT;Afghanistan Summer Time;AFST
Asia/Seoul;540;540;Korean Standard Time;KST;Korean Daylight Time;KDT
Asia/Almaty;300;300;East Kazakhstan Time;ALMT;Alma-Ata Summer Time;ALMST
Asia/Anadyr;720;720;Anadyr Standard Time;ANAT;Anadyr Summer Time;ANAST
Asia/Aqtobe;300;300;West Kazakhstan Time;AQTT;Aqtobe Summer Time;AQTST
Asia/Atyrau;300;300;West Kazakhstan Time;GMT+05:00;Atyrau Daylight Time;GMT+05:00
Asia/Brunei;480;480;Brunei Darussalam Time;BNT;Brunei Summer Time;BNST
Asia/Manila;480;480;Philippine Standard Time;PST;Philippine Summer Time;PDT
Asia/Saigon;420;420;Indochina Time;ICT;Indochina Summer Time;ICST
Asia/Taipei;480;480;Taipei Standard Time;CST;Taipei Daylight Time;CDT
Asia/Tehran;210;210;Iran Standard Time;IRST;Iran Daylight Time;IRDT
Indian/Mahe;240;240;Seychelles Time;SCT;Seychelles Summer Time;SCST
Pacific/Yap;600;600;Chuuk Time;CHUT;Chuuk Summer Time;CHUST
Africa/Accra;0;0;Greenwich Mean Time;GMT;Ghana Summer Time;GHST
Africa/Lagos;60;60;West Africa Standard Time;WAT;West Africa Summer Time;WAST
America/Adak;-600;-540;Hawaii-Aleutian Standard Time;HAST;Hawaii-Aleutian Daylight Time;HADT
America/Lima;-300;-300;Peru Standard Time;PET;Peru Summer Time;PEST
Asia/Bishkek;360;360;Kyrgyzstan Time;KGT;Kirgizstan Summer Time;KGST
Asia/Colombo;330;330;India Standard Time;IST;India Daylight Time;IDT
Asia/Irkutsk;480;480;Irkutsk Standard Time;IRKT;Irkutsk Summer Time;IRKST
Asia/Jakarta;420;420;Western Indonesia Time;WIB;West Indonesia Summer Time;WIST
Asia/Kuching;480;480;Malaysia Time;MYT;Malaysia Summer Time;MYST
Asia/Magadan;660;660;Magadan Standard Time;MAGT;Magadan Summer Time;MAGST
Asia/Rangoon;390;390;Myanmar Time;MMT;Myanmar Summer Time;MMST
Asia/Tbilisi;240;240;Georgia Standard Time;GET;Georgia Summer Time;GEST
Asia/Thimphu;360;360;Bhutan Time;BTT;Bhutan Summer Time;BTST
Europe/Minsk;180;180;Moscow Standard Time;MSK;Moscow Summer Time;MSD
Indian/Cocos;390;390;Cocos Islands Time;CCT;Cocos Islands Summer Time;CCST
Pacific/Fiji;720;720;Fiji Standard Time;FJT;Fiji Summer Time;FJST
Pacific/Guam;600;600;Chamorro Standard Time;ChST;Chamorro Daylight Time;ChDT
Pacific/Niue;-660;-660;Niue Time;NUT;Niue Summer Time;NUST
Pacific/Wake;720;720;Wake Island Time;WAKT;Wake Summer Time;WAKST
SystemV/PST8;-480;-480;Pitcairn Time;PST;Pitcairn Time;PST
SystemV/YST9;-540;-540;Gambier Time;AKST;Gambier Time;AKST
Africa/Maseru;120;120;South Africa Standard Time;SAST;South Africa Summer Time;SAST
America/Jujuy;-180;-180;Argentina Standard Time;ART;Argentina Summer Time;ARST
Asia/Ashgabat;300;300;Turkmenistan Standard Time;TMT;Turkmenistan Summer Time;TMST
Asia/Dushanbe;300;300;Tajikistan Time;TJT;Tajikistan Summer Time;TJST
Asia/Jayapura;540;540;Eastern Indonesia Time;WIT;East Indonesia Summer Time;EIST
Asia/Katmandu;345;345;Nepal Time;NPT;Nepal Summer Time;NPST
Asia/Makassar;480;480;Central Indonesia Time;WITA;Central Indonesia Summer Time;CIST
Asia/Qostanay;300;300;East Kazakhstan Time;QOST;Kostanay Summer Time;QOSST
Asia/Sakhalin;660;660;Sakhalin Standard Time;SAKT;Sakhalin Summer Time;SAKST
Asia/Tashkent;300;300;Uzbekistan Standard Time;UZT;Uzbekistan Summer Time;UZST
Asia/Ust-Nera;600;600;Vladivostok Standard Time;VLAT;Vladivostok Summer Time;VLAST
Europe/Dublin;0;60;Greenwich Mean Time;GMT;Irish Standard Time;IST
Europe/Jersey;0;60;Greenwich Mean Time;GMT;British Summer Time;BST
Europe/Lisbon;0;60;Western European Standard Time;WET;Western European Summer Time;WEST
Europe/Samara;240;240;Samara Standard Time;SAMT;Samara Summer Time;SAMST
Indian/Chagos;360;360;Indian Ocean Time;IOT;Indian Ocean Territory Summer Time;IOST
Pacific/Efate;660;660;Vanuatu Standard Time;VUT;Vanuatu Summer Time;VUST
Pacific/Nauru;720;720;Nauru Time;NRT;Nauru Summer Time;NRST
Pacific/Palau;540;540;Palau Time;PWT;Palau Summer Time;PWST
America/Bogota;-300;-300;Colombia Standard Time;COT;Colombia Summer Time;COST
America/Cuiaba;-240;-240;Amazon Standard Time;AMT;Amazon Summer Time;AMST
America/Guyana;-240;-240;Guyana Time;GYT;Guyana Summer Time;GYST
America/Havana;-300;-240;Cuba Standard Time;CST;Cuba Daylight Time;CDT
America/La_Paz;-240;-240;Bolivia Time;BOT;Bolivia Summer Time;BOST
Asia/Hong_Kong;480;480;Hong Kong Standard Time;HKT;Hong Kong Summer Time;HKST
Asia/Kamchatka;720;720;Petropavlovsk-Kamchatski Standard Time;PETT;Petropavlovsk-Kamchatski Summer Time;PETST
Asia/Qyzylorda;300;300;West Kazakhstan Time;QYZT;Qyzylorda Summer Time;QYZST
Asia/Singapore;480;480;Singapore Standard Time;SGT;Singapore Summer Time;SGST
Indian/Reunion;240;240;Réunion Time;RET;Reunion Summer Time;REST
Pacific/Easter;-360;-300;Easter Island Standard Time;EAST;Easter Island Summer Time;EASST
Pacific/Kosrae;660;660;Kosrae Time;KOST;Kosrae Summer Time;KOSST
Pacific/Majuro;720;720;Marshall Islands Time;MHT;Marshall Islands Summer Time;MHST
Pacific/Midway;-660;-660;Samoa Standard Time;SST;Samoa Daylight Time;SDT
Pacific/Noumea;660;660;New Caledonia Standard Time;NCT;New Caledonia Summer Time;NCST
Pacific/Ponape;660;660;Ponape Time;PONT;Pohnpei Summer Time;PONST
Pacific/Tahiti;-600;-600;Tahiti Time;TAHT;Tahiti Summer Time;TAHST
Pacific/Tarawa;720;720;Gilbert Islands Time;GILT;Gilbert Is. Summer Time;GILST
Pacific/Wallis;720;720;Wallis & Futuna Time;WFT;Wallis & Futuna Summer Time;WFST
Africa/Windhoek;60;60;Central Africa Time;CAT;Western African Time;WAT
America/Caracas;-240;-240;Venezuela Time;VET;Venezuela Summer Time;VEST
America/Cayenne;-180;-180;French Guiana Time;GFT;French Guiana Summer Time;GFST
America/Godthab;-120;-60;West Greenland Standard Time;WGT;West Greenland Summer Time;WGST
America/Noronha;-120;-120;Fernando de Noronha Standard Time;FNT;Fernando de Noronha Summer Time;FNST
Asia/Choibalsan;480;480;Ulaanbaatar Standard Time;CHOT;Ulaanbaatar Summer Time;CHOST
Atlantic/Azores;-60;0;Azores Standard Time;AZOT;Azores Summer Time;AZOST
Australia/Eucla;525;525;Australian Central Western Standard Time;ACWST;Australian Central Western Daylight Time;ACWDT
Australia/Perth;480;480;Australian Western Standard Time;AWST;Australian Western Daylight Time;AWDT
Indian/Maldives;300;300;Maldives Time;MVT;Maldives Summer Time;MVST
Pacific/Chatham;765;825;Chatham Standard Time;CHAST;Chatham Daylight Time;CHADT
Pacific/Fakaofo;780;780;Tokelau Time;TKT;Tokelau Summer Time;TKST
Pacific/Gambier;-540;-540;Gambier Time;GAMT;Gambier Summer Time;GAMST
Pacific/Norfolk;660;720;Norfolk Island Standard Time;NFT;Norfolk Island Daylight Time;NFST
America/Asuncion;-180;-180;Paraguay Standard Time;PYT;Paraguay Summer Time;PYST
America/Eirunepe;-300;-300;Acre Standard Time;ACT;Acre Summer Time;ACST
America/Mazatlan;-420;-420;Mexican Pacific Standard Time;MST;Mexican Pacific Daylight Time;MDT
America/Miquelon;-180;-120;St. Pierre & Miquelon Standard Time;PMST;St. Pierre & Miquelon Daylight Time;PMDT
America/Santiago;-240;-180;Chile Standard Time;CLT;Chile Summer Time;CLST
Antarctica/Casey;480;480;Casey Time;AWST;Australian Western Daylight Time;AWDT
Antarctica/Davis;420;420;Davis Time;DAVT;Davis Summer Time;DAVST
Antarctica/Syowa;180;180;Syowa Time;SYOT;Syowa Summer Time;SYOST
Asia/Krasnoyarsk;420;420;Krasnoyarsk Standard Time;KRAT;Krasnoyarsk Summer Time;KRAST
Asia/Novosibirsk;420;420;Novosibirsk Standard Time;NOVT;Novosibirsk Summer Time;NOVST
Asia/Ulaanbaatar;480;480;Ulaanbaatar Standard Time;ULAT;Ulaanbaatar Summer Time;ULAST
Atlantic/Stanley;-180;-180;Falkland Islands Standard Time;FKT;Falkland Islands Summer Time;FKST
Europe/Volgograd;180;180;Volgograd Standard Time;MSK;Volgograd Summer Time;MSD
Indian/Christmas;420;420;Christmas Island Time;CXT;Christmas Island Summer Time;CXST
Indian/Kerguelen;300;300;French Southern & Antarctic Time;TFT;French Southern & Antarctic Lands Summer Time;TFST
Indian/Mauritius;240;240;Mauritius Standard Time;MUT;Mauritius Summer Time;MUST
Pacific/Funafuti;720;720;Tuvalu Time;TVT;Tuvalu Summer Time;TVST
Pacific/Pitcairn;-480;-480;Pitcairn Time;PST;Pitcairn Daylight Time;PDT
America/Guayaquil;-300;-300;Ecuador Time;ECT;Ecuador Summer Time;ECST
Antarctica/Mawson;300;300;Mawson Time;MAWT;Mawson Summer Time;MAWST
Antarctica/Vostok;300;300;Vostok Time;VOST;Vostok Summer Time;VOSST
Pacific/Enderbury;780;780;Phoenix Islands Time;PHOT;Phoenix Is. Summer Time;PHOST
Pacific/Galapagos;-360;-360;Galapagos Time;GALT;Galapagos Summer Time;GALST
Pacific/Marquesas;-570;-570;Marquesas Time;MART;Marquesas Summer Time;MARST
Pacific/Rarotonga;-600;-600;Cook Islands Standard Time;CKT;Cook Islands Half Summer Time;CKHST
Pacific/Tongatapu;780;780;Tonga Standard Time;TOT;Tonga Summer Time;TOST
America/Montevideo;-180;-180;Uruguay Standard Time;UYT;Uruguay Summer Time;UYST
America/Paramaribo;-180;-180;Suriname Time;SRT;Suriname Summer Time;SRST
Antarctica/Rothera;-180;-180;Rothera Time;ROTT;Rothera Summer Time;ROTST
Asia/Yekaterinburg;300;300;Yekaterinburg Standard Time;YEKT;Yekaterinburg Summer Time;YEKST
Pacific/Kiritimati;840;840;Line Islands Time;LINT;Line Is. Summer Time;LINST
Atlantic/Cape_Verde;-60;-60;Cape Verde Standard Time;CVT;Cape Verde Summer Time;CVST
Australia/Lord_Howe;630;660;Lord Howe Standard Time;LHST;Lord Howe Daylight Time;LHDT
America/Santa_Isabel;-480;-420;Northwest Mexico Standard Time;PST;Northwest Mexico Daylight Time;PDT
America/Scoresbysund;-120;-60;East Greenland Standard Time;EGT;East Greenland Summer Time;EGST
Pacific/Port_Moresby;600;600;Papua New Guinea Time;PGT;Papua New Guinea Summer Time;PGST
Atlantic/South_Georgia;-120;-120;South Georgia Time;GST;South Georgia Daylight Time;GDT
Antarctica/DumontDUrville;600;600;Dumont-d’Urville Time;DDUT;Dumont-d'Urville Summer Time;DDUST
Asia/Kashgar;360;360;Xinjiang Standard Time;XJT;Xinjiang Daylight Time;XJDT
CET;60;120;Central European Time;CET;Central European Summer Time;CEST
Europe/Istanbul;180;180;Turkey Time;TRT;Turkey Summer Time;TRST
Asia/Tomsk;420;420;Tomsk Standard Time;GMT+07:00;Tomsk Daylight Time;GMT+07:00
Pacific/Honolulu;-600;-600;Hawaii Standard Time;HST;Hawaii Standard Time;HST
Europe/Saratov;240;240;Saratov Standard Time;GMT+04:00;Saratov Standard Time;GMT+04:00
America/Argentina/Buenos_Aires;-180;-180;Argentine Time;ART;Argentine Summer Time;ARST
Pacific/Bougainville;660;660;Bougainville Standard Time;BST;Bougainville Daylight Time;BST
Asia/Barnaul;420;420;Barnaul Standard Time;GMT+07:00;Barnaul Daylight Time;GMT+07:00
MET;60;120;Middle Europe Time;MET;Middle Europe Summer Time;MEST
Africa/El_Aaiun;0;0;Western European Time;WET;Western European Summer Time;WEST
Antarctica/Palmer;-180;-180;Chile Time;CLT;Chile Summer Time;CLST
America/Punta_Arenas;-180;-180;Punta Arenas Standard Time;GMT-03:00;Punta Arenas Standard Time;GMT-03:00
Europe/Kirov;180;180;Moscow Standard Time;MSK;Moscow Daylight Time;MSD
Pacific/Kanton;780;780;Kanton Standard Time;GMT+13:00;Kanton Daylight Time;GMT+13:00
Europe/Astrakhan;240;240;Astrakhan Standard Time;GMT+04:00;Astrakhan Standard Time;GMT+04:00
Asia/Famagusta;120;180;Eastern European Time;EET;Eastern European Summer Time;EEST
Europe/Ulyanovsk;240;240;Ulyanovsk Standard Time;GMT+04:00;Ulyanovsk Standard Time;GMT+04:00
Asia/Srednekolymsk;660;660;Srednekolymsk Time;SRET;Srednekolymsk Daylight Time;SREDT
`;

const ZONES: readonly NamedZone[] = TABLE.trim()
  .split('\n')
  .map(line => {
    const [id = '', standard, daylight, ...names] = line.split(';');
    return { id, standardMinutes: Number(standard), daylightMinutes: Number(daylight), names };
  });

export const UTC: NamedZone = {
  id: 'UTC',
  standardMinutes: 0,
  daylightMinutes: 0,
  names: ['Coordinated Universal Time', 'UTC', 'Coordinated Universal Time', 'UTC'],
};

/**
 * The zone whose name begins at an index of the text, in upper or lower case; null if there is none.
 * @param current the zone to try first
 */
export function matchZoneName(text: string, index: number, current: NamedZone): ZoneMatch | null {
  for (const zone of [current, UTC, ...ZONES]) {
    const found = zone.names.findIndex(name => name !== '' && isNamed(text, index, name));
    if (found < 0) continue;
    const length = zone.names[found]?.length ?? 0;
    return { zone, offsetMinutes: found < 2 ? zone.standardMinutes : zone.daylightMinutes, length };
  }
  return null;
}

function isNamed(text: string, index: number, name: string): boolean {
  return text.slice(index, index + name.length).toLowerCase() === name.toLowerCase();
}

/** 1900-01-01: java.util.TimeZone does not know the local mean times of towns before. */
const ZONES_SINCE_MS = -2_208_988_800_000;

/** Rules of summer time repeat with the calendar after 400 years; used for times beyond those of a Date. */
const CALENDAR_CYCLE_MS = 12_622_780_800_000;
const LAST_DATE_MS = 8_640_000_000_000_000;

/** Minutes east of UTC at a time, given in milliseconds since 1970. */
export function zoneOffsetMinutes(zone: NamedZone, epochMs: number): number {
  if (zone.standardMinutes === zone.daylightMinutes || epochMs < ZONES_SINCE_MS) return zone.standardMinutes;
  const knownMs = epochMs > LAST_DATE_MS ? LAST_DATE_MS - CALENDAR_CYCLE_MS + ((epochMs - LAST_DATE_MS) % CALENDAR_CYCLE_MS) : epochMs;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone.id, timeZoneName: 'longOffset' });
  const offset = format.formatToParts(knownMs).find(part => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  return hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
