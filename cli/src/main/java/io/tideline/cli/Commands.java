package io.tideline.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine;

/**
 * The commands by name. picocli reflects on every command that is added, which costs about 10 ms
 * each: only the one that the arguments name is, unless they name none.
 */
final class Commands {
  private static final Map<String, Function<Terminal, Object>> ALL = new LinkedHashMap<>();
  private static final Map<String, BiConsumer<CommandLine, Terminal>> NESTED =
      Map.of(
          "backup",
          (line, terminal) -> {
            line.addSubcommand("list", new BackupListCommand(terminal));
            line.addSubcommand("verify", new BackupVerifyCommand(terminal));
            line.addSubcommand("restore", new BackupRestoreCommand(terminal));
          },
          "tables",
          (line, terminal) -> line.addSubcommand("create", new TablesCreateCommand(terminal)),
          "hold",
          (line, terminal) -> {
            line.addSubcommand("add", new HoldAddCommand(terminal));
            line.addSubcommand("list", new HoldListCommand(terminal));
            line.addSubcommand("remove", new HoldRemoveCommand(terminal));
          },
          "partitions",
          (line, terminal) -> line.addSubcommand("move", new PartitionsMoveCommand(terminal)),
          "payloads",
          (line, terminal) -> {
            line.addSubcommand("plan", new PayloadsPlanCommand(terminal));
            line.addSubcommand("sweep", new PayloadsSweepCommand(terminal));
            line.addSubcommand("report", new PayloadsReportCommand(terminal));
          });

  static {
    ALL.put("demo", DemoCommand::new);
    ALL.put("init", InitCommand::new);
    ALL.put("plan", PlanCommand::new);
    ALL.put("run", RunCommand::new);
    ALL.put("serve", ServeCommand::new);
    ALL.put("pause", PauseCommand::new);
    ALL.put("resume", ResumeCommand::new);
    ALL.put("stop", StopCommand::new);
    ALL.put("stats", StatsCommand::new);
    ALL.put("status", StatusCommand::new);
    ALL.put("history", HistoryCommand::new);
    ALL.put("inspect", InspectCommand::new);
    ALL.put("indexes", IndexesCommand::new);
    ALL.put("check", CheckCommand::new);
    ALL.put("explain", ExplainCommand::new);
    ALL.put("advise", AdviseCommand::new);
    ALL.put("doctor", DoctorCommand::new);
    ALL.put("archives", ArchivesCommand::new);
    ALL.put("tables", terminal -> new TablesCommand());
    ALL.put("grants", GrantsCommand::new);
    ALL.put("verify", VerifyCommand::new);
    ALL.put("restore", RestoreCommand::new);
    ALL.put("hold", terminal -> new HoldCommand());
    ALL.put("payloads", terminal -> new PayloadsCommand());
    ALL.put("backfill", BackfillCommand::new);
    ALL.put("backup", BackupCommand::new);
    ALL.put("reclaim", ReclaimCommand::new);
    ALL.put("bench", BenchCommand::new);
    ALL.put("partitions", PartitionsCommand::new);
    ALL.put("recover", RecoverCommand::new);
    ALL.put("query", QueryCommand::new);
    ALL.put("export", ExportCommand::new);
    ALL.put("completion", CompletionCommand::new);
    ALL.put("warm-up", WarmUpCommand::new);
    ALL.put("help", terminal -> new CommandLine.HelpCommand());
  }

  private Commands() {}

  static CommandLine commandLine(String[] args, Terminal terminal) {
    CommandLine line = new CommandLine(new TidelineCommand());
    boolean one = args.length > 0 && ALL.containsKey(args[0]) && !args[0].equals("help");
    if (one) {
      add(line, args[0], terminal);
    } else {
      ALL.keySet().forEach(name -> add(line, name, terminal));
    }
    return line;
  }

  private static void add(CommandLine line, String name, Terminal terminal) {
    Function<Terminal, Object> factory = ALL.get(name);
    if (factory == null) {
      throw new IllegalArgumentException("Cannot find the command " + name);
    }
    CommandLine command = new CommandLine(factory.apply(terminal));
    NESTED.getOrDefault(name, (parent, t) -> {}).accept(command, terminal);
    line.addSubcommand(name, command);
  }
}
