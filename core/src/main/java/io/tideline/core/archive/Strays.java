package io.tideline.core.archive;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What lies in the folders of runs and belongs to no manifest, and manifests that should lie there.
 */
public final class Strays {
  /** A file whose name begins with the number of the manifest that it belongs to. */
  private static final Pattern NUMBERED = Pattern.compile("([0-9]{4,})[-.].*");

  private final ArchiveFolder archive;

  /** The strays of an archive. */
  public Strays(ArchiveFolder archive) {
    this.archive = archive;
  }

  /**
   * Temporary files that a killed run left behind. Nobody needs them: whatever may hold the only
   * copy of a row has its name.
   */
  public List<Path> leftovers() {
    List<Path> leftovers = new ArrayList<>();
    for (String run : archive.runs()) {
      List<String> names = archive.files(run);
      List<String> halfSealed = HalfSealed.numbers(names);
      names.stream()
          .filter(name -> name.endsWith(MetadataFiles.TEMPORARY))
          .filter(name -> !halfSealed.contains(number(name)))
          .forEach(name -> leftovers.add(archive.runFolder(run).resolve(name)));
    }
    return leftovers;
  }

  /** The manifests that something else tells of, one sentence each. */
  List<String> missing() {
    return archive.runs().stream().flatMap(run -> missing(run).stream()).toList();
  }

  private List<String> missing(String run) {
    return missing(run, archive.files(run)).isEmpty()
        ? List.of()
        : missing(run, archive.files(run)); // a manifest may have got its name meanwhile
  }

  private static List<String> missing(String run, List<String> names) {
    Set<String> sealed = numbers(names, Manifest.ENDING);
    List<String> halfSealed = HalfSealed.numbers(names);
    return names.stream()
        .filter(name -> name.endsWith(".json") || segment(name))
        .filter(name -> !number(name).isEmpty() && !sealed.contains(number(name)))
        .filter(name -> !halfSealed.contains(number(name)))
        .sorted(Comparator.comparing(Strays::segment)) // what was written last tells most
        .map(
            name ->
                "the manifest "
                    + run
                    + "/"
                    + number(name)
                    + " is missing, but "
                    + name
                    + " is there.")
        .toList();
  }

  /**
   * What is wrong, one sentence each: missing manifests, and segments that the manifest of their
   * number does not name.
   *
   * @param name a run; all runs if empty
   * @param manifests the manifests of it that can be read
   */
  public List<String> problems(Optional<String> name, List<Manifest> manifests) {
    List<String> problems = new ArrayList<>();
    for (String run : archive.runs()) {
      if (name.isEmpty() || name.get().equals(run)) {
        missing(run).forEach(each -> problems.add("Cannot verify " + run + ": " + each));
        unnamed(run, manifests).forEach(each -> problems.add("Cannot verify " + run + ": " + each));
      }
    }
    return problems;
  }

  private List<String> unnamed(String run, List<Manifest> manifests) {
    List<Manifest> own = manifests.stream().filter(each -> each.run().equals(run)).toList();
    Set<String> known =
        own.stream()
            .flatMap(manifest -> manifest.files().stream())
            .map(Manifest.Segment::file)
            .collect(Collectors.toSet());
    Set<String> sealed =
        own.stream().map(each -> Manifest.numberText(each.number())).collect(Collectors.toSet());
    return segments(archive.files(run)).stream()
        .filter(name -> !known.contains(name) && sealed.contains(number(name)))
        .map(name -> "no manifest names the file " + name + ".")
        .toList();
  }

  static List<String> segments(List<String> names) {
    return names.stream().filter(Strays::segment).toList();
  }

  private static boolean segment(String name) {
    return !name.endsWith(".json")
        && !name.endsWith(MetadataFiles.TEMPORARY)
        && !number(name).isEmpty();
  }

  private static Set<String> numbers(List<String> names, String end) {
    return names.stream()
        .filter(name -> name.endsWith(end))
        .map(Strays::number)
        .collect(Collectors.toSet());
  }

  /** The number that a name begins with; empty if it does with none. */
  private static String number(String name) {
    Matcher matcher = NUMBERED.matcher(name);
    return matcher.matches() ? matcher.group(1) : "";
  }
}
