CREATE TABLE readings (site TEXT NOT NULL, n INTEGER NOT NULL, v TEXT, PRIMARY KEY (site, n));
INSERT INTO readings VALUES ('eu', 1, 'x'), ('eu', 2, 'y'), ('us', 1, 'z');
