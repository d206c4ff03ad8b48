package io.koupleless.controller.discovery;

/** A place that names addresses of bases; several may be in use at once. */
public interface BaseSource extends AutoCloseable {

    /** One word for logs and metrics, such as {@code pods}. */
    String name();

    /** Returns at once; finds bases until it is closed. Called once. */
    void start(BaseSourceListener listener);

    @Override
    void close();
}
