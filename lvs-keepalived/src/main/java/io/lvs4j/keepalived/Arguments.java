package io.lvs4j.keepalived;

import io.lvs4j.keepalived.syntax.Position;
import io.lvs4j.keepalived.syntax.Statement;
import io.lvs4j.keepalived.syntax.Word;
import java.util.List;
import java.util.Optional;

/**
 * A statement as what reads its keyword sees it.
 *
 * @param statement it, with at least as many arguments as its keyword demands
 * @param reading where to tell what is wrong
 */
record Arguments(Statement statement, Reading reading) {
    Position at() {
        return statement.keyword().at();
    }

    String keyword() {
        return statement.keyword().text();
    }

    int count() {
        return statement.words().size() - 1;
    }

    List<Word> words() {
        return statement.arguments();
    }

    /** {@return an argument, from 0} */
    Word word(int index) {
        return statement.words().get(index + 1);
    }

    /** {@return an argument's value; empty = it has none, which has been told} */
    <V> Optional<V> value(int index, Value<V> value) {
        return value.parse(keyword(), word(index), reading);
    }

    /** Tells of an argument that is wrong. */
    void error(String code, int index, String message) {
        reading.error(code, word(index).at(), keyword() + ": " + message);
    }
}
