CREATE TABLE "x""; DROP TABLE ""select""; --" (
  "order" INTEGER PRIMARY KEY, "at ""time""" TEXT, "a.b" TEXT, "%s" TEXT, ":now" TEXT, "?" TEXT,
  "it's" TEXT, "back`tick" TEXT, "[x]" TEXT, "$1" TEXT, "a
b" TEXT);
INSERT INTO "x""; DROP TABLE ""select""; --" VALUES
  (1, '2024-01-10 00:00:00', 'go', '1', '2', '3', '4', '5', '6', '7', '8'),
  (2, '2024-01-10 00:00:00', 'keep', '1', '2', '3', '4', '5', '6', '7', '8');
CREATE TABLE "a.b" (id INTEGER PRIMARY KEY, "naïve ☃" TEXT);
INSERT INTO "a.b" VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00');
CREATE TABLE "select" ("where" INTEGER PRIMARY KEY, "from" TEXT, "group" TEXT);
INSERT INTO "select" VALUES (1, '2024-01-10 00:00:00', 'g'), (2, '2024-01-11 00:00:00', 'g');
CREATE TABLE "%s" ("%d" INTEGER PRIMARY KEY, "%n" TEXT);
INSERT INTO "%s" VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00');
