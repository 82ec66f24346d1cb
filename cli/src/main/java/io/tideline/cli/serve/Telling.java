package io.tideline.cli.serve;

import io.tideline.cli.notify.Announcement;
import io.tideline.schedule.Notice;
import java.util.List;

/** How others are told; never waits and never fails. */
public interface Telling {
  /** Tells nobody. */
  Telling NOBODY =
      new Telling() {
        @Override
        public void tell(List<Notice> notices, Announcement announcement) {}

        @Override
        public long failed() {
          return 0;
        }
      };

  /** Tells those who want to hear of it. */
  void tell(List<Notice> notices, Announcement announcement);

  /** How many could not be told. */
  long failed();
}
