package io.lvs4j.scheduler;
