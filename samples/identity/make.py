#!/usr/bin/python3
"""Writes result.json beside itself: a group in which it is known who is who.
All of it is invented.

  user9900020001  鸡场1880   sells, QQ 9812345670
  user9900020002  鸡场小号   the same seller's second account, his QQ
  user9900020003  鸡场188O   passes himself off as the first: nearly the name,
                             two digits of the number changed places, his words
  user9900020004  夜猫4321   another seller
  user9900020005  供求转发   posts both sellers' adverts as they are
  user9900020006  夜猫新开张 the other seller's new account, which says so
"""
import json
import os

START = 1790827200  # 2026-10-01
WORDS = "出售免杀远控，稳定上线，包售后，24小时在线，老客户优惠"
OTHER = "出售肉鸡，量大从优，秒发货，可测试，支持担保"
ROWS = [
    (1, 1, "鸡场1880", WORDS + "，QQ：9812345670"),
    (2, 1, "鸡场1880", WORDS + " 联系QQ：9812345670 电报 @made_up_farm"),
    (2, 4, "夜猫4321", OTHER + "，QQ：9855555550"),
    (3, 5, "供求转发", WORDS + "，QQ：9812345670"),
    (3, 5, "供求转发", OTHER + "，QQ：9855555550"),
    (4, 2, "鸡场小号", "出售钓鱼源码，2000元/套，带教程，QQ：9812345670"),
    (6, 3, "鸡场188O", WORDS + "，QQ：9812345760"),
    (9, 6, "夜猫新开张", OTHER + "，原夜猫4321，老号被封，换号了，QQ：9866666660"),
    (10, 7, "路人", "还有货吗"),
]


def main():
    messages = [{
        "id": i, "type": "message",
        "date_unixtime": str(START + day * 86400 + i * 60),
        "from": name, "from_id": "user990002000%d" % who, "text": text,
    } for i, (day, who, name, text) in enumerate(ROWS, 1)]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "result.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump({"name": "身份样例群", "type": "public_supergroup",
                   "id": 9900000991, "messages": messages}, f,
                  ensure_ascii=False, indent=1)
        f.write("\n")


if __name__ == "__main__":
    main()
