package io.koupleless.controller.vnode;

import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.record.BaseRecord;
import java.util.List;
import java.util.Optional;

/** How an effect ended; the type says what can be done next. */
public sealed interface Outcome {

    /** Done; there is nothing to tell. */
    record Done() implements Outcome {}

    /** Written; the object now has this version. */
    record Written(String resourceVersion) implements Outcome {}

    record LeaseRead(Optional<ObservedLease> lease) implements Outcome {}

    /** Empty when there is no record yet. */
    record RecordRead(Optional<Stored> stored) implements Outcome {}

    /** A record and the version of the object that holds it. */
    record Stored(BaseRecord record, String resourceVersion) {}

    record NodeCreated(ObservedNode node) implements Outcome {}

    /** Empty when no Pod of that namespace, name and uid exists. */
    record PodRead(Optional<ModulePod> pod) implements Outcome {}

    record PodsRead(List<ModulePod> pods) implements Outcome {}

    /** A probe or a hook came back. */
    record Checked(CheckResult result) implements Outcome {}

    /** Somebody else wrote in between, or a precondition failed. */
    record Conflict() implements Outcome {}

    /** The object does not exist. */
    record Missing() implements Outcome {}

    /** Refused for good: the same request would be refused again. */
    record Refused(String message) implements Outcome {}

    /** It did not go through, or nobody knows; trying again may help. */
    record Failed(String message) implements Outcome {}

    /** A command that certainly never left. */
    record NotSent(String message) implements Outcome {}
}
