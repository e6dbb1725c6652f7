import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * Runs SQL in Flink's own small cluster inside this process. Each argument is a file of statements, one from the next
 * apart by a line of a single percent sign. Rows of queries are printed as JSON lists in base64, so that no character of
 * the data can be mistaken; a failing file prints its message and the next one goes on.
 */
public class Runner {
  private static final Pattern SET = Pattern.compile("SET '([^']*)' = '([^']*)'");

  public static void main(String[] files) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String file : files) {
      out.println("file " + file);
      try {
        run(Files.readString(Path.of(file)), out);
      } catch (Throwable error) {
        StringBuilder message = new StringBuilder();
        for (Throwable at = error; at != null; at = at.getCause()) message.append(at).append('\n');
        out.println("error " + encode(message.toString()));
      }
    }
    System.exit(0);
  }

  private static void run(String text, PrintStream out) throws Exception {
    Configuration settings = new Configuration();
    settings.setString("parallelism.default", "1");
    settings.setString("taskmanager.memory.network.min", "16mb");
    settings.setString("taskmanager.memory.network.max", "16mb");
    TableEnvironment flink = TableEnvironment.create(EnvironmentSettings.newInstance().inStreamingMode().withConfiguration(settings).build());
    for (String statement : text.split("\n%\n")) {
      if (statement.isBlank()) continue;
      // known to the SQL client only
      Matcher set = SET.matcher(statement);
      if (set.matches()) {
        flink.getConfig().set(set.group(1), set.group(2));
        continue;
      }
      TableResult result = flink.executeSql(statement);
      if (!result.getResultKind().toString().equals("SUCCESS_WITH_CONTENT")) continue;
      try (CloseableIterator<Row> rows = result.collect()) {
        while (rows.hasNext()) {
          StringBuilder json = new StringBuilder();
          write(rows.next(), json);
          out.println("row " + encode(json.toString()));
        }
      }
    }
  }

  private static void write(Object value, StringBuilder json) {
    if (value instanceof Row) {
      Row row = (Row) value;
      Object[] fields = new Object[row.getArity()];
      for (int index = 0; index < fields.length; index++) fields[index] = row.getField(index);
      write(fields, json);
    } else if (value instanceof Object[]) {
      json.append('[');
      String comma = "";
      for (Object one : (Object[]) value) {
        json.append(comma);
        write(one, json);
        comma = ",";
      }
      json.append(']');
    } else if (value instanceof Map) {
      json.append('{');
      String comma = "";
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        json.append(comma);
        write(String.valueOf(entry.getKey()), json);
        json.append(':');
        write(entry.getValue(), json);
        comma = ",";
      }
      json.append('}');
    } else if (value == null || value instanceof Number || value instanceof Boolean) json.append(value);
    else writeText(value instanceof byte[] ? new String((byte[]) value, StandardCharsets.UTF_8) : value.toString(), json);
  }

  private static void writeText(String text, StringBuilder json) {
    json.append('"');
    for (char letter : text.toCharArray()) json.append(letter < ' ' || letter == '"' || letter == '\\' ? String.format("\\u%04x", (int) letter) : String.valueOf(letter));
    json.append('"');
  }

  private static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
