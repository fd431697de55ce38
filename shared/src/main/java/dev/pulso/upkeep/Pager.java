package dev.pulso.upkeep;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.expr;
import static com.mongodb.client.model.Filters.gte;
import static dev.pulso.mongo.Expressions.literal;
import static dev.pulso.mongo.Expressions.op;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.UpdateOptions;
import dev.pulso.mongo.Db;
import dev.pulso.mongo.Lenient;
import dev.pulso.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.MinKey;

/**
 * Walks over documents page by page, some pages in each run. {@code pulso_progress} stores the
 * position. After the last page the walk starts over.
 */
final class Pager {
  private static final String ID = "_id";
  private static final String AT = "key";
  private static final String SEEN = "seen";

  private final Db db;
  private final int pageSize;

  /**
   * Makes one for walks over a database.
   *
   * @param pageSize documents per page
   */
  Pager(Db db, int pageSize) {
    this.db = db;
    this.pageSize = pageSize;
  }

  /**
   * A walk over a collection.
   *
   * @param name the {@code _id} of its position
   * @param filter the documents to visit
   * @param key the field that orders the walk: of one type, except for {@code _id}
   * @param first a value that sorts before all others
   * @param fields other fields to read
   */
  record Walk(
      String name,
      MongoCollection<Document> collection,
      Bson filter,
      String key,
      Object first,
      List<String> fields) {

    /** Walks over all documents of a filter, by {@code _id}. */
    Walk(String name, MongoCollection<Document> collection, Bson filter) {
      this(name, collection, filter, ID, new MinKey(), List.of(ID));
    }
  }

  /**
   * The position of a walk.
   *
   * @param at the last visited value of the key
   * @param seen number of visited documents with that value; several may share it, except for
   *     {@code _id}
   */
  private record Position(Object at, int seen) {
    Position after(List<Document> page, Walk walk) {
      Object last = page.getLast().get(walk.key);
      if (walk.key.equals(ID)) {
        return new Position(last, 0);
      }
      int ofLast = (int) page.stream().filter(each -> last.equals(each.get(walk.key))).count();
      return new Position(last, last.equals(at) ? seen + ofLast : ofLast);
    }
  }

  /**
   * Visits the next pages, up to so many. A page that does not finish in time is the first of the
   * next run.
   *
   * @param look handles a page, and returns how many documents it acted on
   * @return the sum of these
   */
  int goOn(Walk walk, int pages, Deadline deadline, ToIntFunction<List<Document>> look) {
    Document stored = Lenient.document(db.progress().find(eq(ID, walk.name)).first());
    Object at = stored.getOrDefault(AT, walk.first);
    int seen = (int) Math.min(Integer.MAX_VALUE, Lenient.count(stored.get(SEEN)));
    return go(walk, new Position(at, seen), pages, deadline, look, true);
  }

  /** Does the same from the beginning in each run. */
  int goAnew(Walk walk, int pages, Deadline deadline, ToIntFunction<List<Document>> look) {
    return go(walk, new Position(walk.first, 0), pages, deadline, look, false);
  }

  private int go(
      Walk walk,
      Position from,
      int pages,
      Deadline deadline,
      ToIntFunction<List<Document>> look,
      boolean isStored) {
    Position position = from;
    int sum = 0;
    for (int page = 0; page < pages && !deadline.passed(); page++) {
      List<Document> found = read(walk, position);
      sum += look.applyAsInt(found);
      boolean isLast = found.size() < pageSize;
      position = isLast ? new Position(walk.first, 0) : position.after(found, walk);
      if (isStored && !deadline.passed()) {
        store(walk, position);
      }
      if (isLast) {
        break;
      }
    }
    return sum;
  }

  private List<Document> read(Walk walk, Position position) {
    return walk.collection
        .find(and(walk.filter, from(walk.key, position.at)))
        .projection(Projections.include(walk.fields))
        .sort(new Document(walk.key, 1))
        .skip(position.seen)
        .limit(pageSize)
        .into(new ArrayList<>());
  }

  /**
   * Covers every type of {@code _id}: a plain comparison matches values of one type only. The last
   * document of a page may no longer match, because it was acted on; the next page must not skip
   * one for it.
   */
  private static Bson from(String key, Object at) {
    Document literal = literal(at);
    return key.equals(ID) ? expr(op("$gt", "$" + ID, literal)) : gte(key, at);
  }

  private void store(Walk walk, Position position) {
    db.progress()
        .updateOne(
            eq(ID, walk.name),
            new Document("$set", new Document(AT, position.at).append(SEEN, position.seen)),
            new UpdateOptions().upsert(true));
  }
}
