import time

import pytest

from harvest.sources.lists.legacy import NAMES, encoding_of

TEXTS = {
    "cp1251": "Кино - Группа крови\nЗемфира - Искала\nСплин - Выхода нет\n",
    "koi8_r": "Кино - Группа крови\nЗемфира - Искала\nСплин - Выхода нет\n",
    "cp866": "Кино - Группа крови\nЗемфира - Искала\nСплин - Выхода нет\n",
    "cp932": "夜に駆ける,ヨアソビ\n前前前世,ラッドウィンプス\nLemon,米津玄師\n",
    "euc_jp": "夜に駆ける,ヨアソビ\n前前前世,ラッドウィンプス\nLemon,米津玄師\n",
    "gb18030": "青花瓷,周杰伦\n晴天,周杰伦\n后来,刘若英\n红豆,王菲\n海阔天空,Beyond\n十年,陈奕迅\n",
    "big5": "青花瓷,周杰倫\n晴天,周杰倫\n後來,劉若英\n紅豆,王菲\n月亮代表我的心,鄧麗君\n",
    "cp949": "봄날,방탄소년단\n밤편지,아이유\n강남스타일,싸이\n",
    "cp1253": "Χάρις Αλεξίου - Πανσέληνος\nΓιώργος Νταλάρας - Μη μου θυμώνεις\n",
    "cp1255": "עידן רייכל - בואי\nאריק איינשטיין - אני ואתה\nשלמה ארצי - ירח\nשלום חנוך - מחכים\n",
    "cp1256": "فيروز - نسم علينا الهوى\nأم كلثوم - إنت عمري\n",
    "cp874": "คาราบาว - เมดอินไทยแลนด์\nบอดี้สแลม - แสงสุดท้าย\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_letters_tell_the_encoding(encoding):
    assert encoding_of(TEXTS[encoding].encode(encoding)) == encoding
    assert encoding in NAMES


def test_a_few_songs_among_many_in_ascii_are_enough():
    text = "Title,Artist\n" + "Creep,Radiohead\n" * 1000 + "Группа крови,Кино\n"
    assert encoding_of(text.encode("cp1251")) == "cp1251"


def test_short_chinese_is_not_taken_for_korean():
    assert encoding_of("Title,Artist\n晴天,周杰伦\nCreep,Radiohead\n".encode("gbk")) == "gb18030"


@pytest.mark.parametrize(
    "text",
    [
        "Herbert Grönemeyer - Männer\nDie Ärzte - Schrei nach Liebe\n",
        "Björk - Jóga\nSigur Rós - Hoppípolla\n",
        "Françoise Hardy - Été\nÉdith Piaf\nCafé Tacvba - ¿Qué?\n",
        "Guns N’ Roses - Sweet Child O’ Mine…\n",
        "ÄÖ\n",
        "",
    ],
)
def test_latin_letters_are_windows_1252(text):
    assert encoding_of(text.encode("cp1252")) == "cp1252"


def test_bytes_that_are_no_text_in_any_of_them_are_windows_1252():
    assert encoding_of(b"\xff\xff\xff\xff\x81\x00" * 10) == "cp1252"


@pytest.mark.parametrize("line", [b"\xcd\xee\xf7\xfc " * 2**20, b"\xcd\xee\xf7\xfc\n" * 2**20])
def test_a_large_text_takes_no_time(line):
    started = time.process_time()
    encoding_of(line)
    assert time.process_time() - started < 5
