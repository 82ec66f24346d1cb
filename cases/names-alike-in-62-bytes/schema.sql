CREATE TABLE xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa (id INTEGER PRIMARY KEY, at TEXT);
CREATE TABLE xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00');
INSERT INTO xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb VALUES (1, '2024-01-10 00:00:00'), (2, '2024-01-11 00:00:00');
