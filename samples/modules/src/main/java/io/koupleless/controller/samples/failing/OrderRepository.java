package io.koupleless.controller.samples.failing;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Repository;

/** The bean that fails; its exception is the deepest cause of the failed start. */
@Repository
class OrderRepository {

    OrderRepository(@Value("${orders.database-url:}") String databaseUrl) {
        if (databaseUrl.isEmpty()) {
            throw new IllegalStateException("database url is missing");
        }
    }
}
