package io.tideline.core.time;

/** The proleptic Gregorian calendar, without allocating. */
final class Days {
  private static final int[] LENGTHS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

  private Days() {}

  /** Whether the day exists. */
  static boolean exists(int year, int month, int day) {
    if (month < 1 || month > 12 || day < 1) {
      return false;
    }
    return day <= LENGTHS[month - 1] || (month == 2 && day == 29 && leap(year));
  }

  private static boolean leap(int year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  /** The days since 1970-01-01: years are counted from March, eras of 400 years from year 0. */
  static long of(int year, int month, int day) {
    int fromMarch = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(fromMarch, 400);
    int yearOfEra = fromMarch - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468;
  }

  /** The second of the day, or -1 if there is none: hour 24 and second 60 are not. */
  static int secondOfDay(int hour, int minute, int second) {
    boolean exists =
        hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
    return exists ? (hour * 60 + minute) * 60 + second : -1;
  }
}
