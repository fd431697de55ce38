package dev.pulso.trips;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Loads Pulso's classes so that each method reports to {@link Visits} when it begins. */
final class VisitingLoader extends ClassLoader {
  private static final ClassDesc VISITS = ClassDesc.of(Visits.class.getName());
  private static final MethodTypeDesc TAKES_NAME = MethodTypeDesc.of(CD_void, CD_String);

  VisitingLoader() {
    super(VisitingLoader.class.getClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("dev.pulso.") || name.equals(Visits.class.getName())) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream file = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      ClassFile classFile = ClassFile.of();
      byte[] telling =
          classFile.transformClass(
              classFile.parse(file.readAllBytes()),
              ClassTransform.transformingMethodBodies(new Telling(topLevel(name))));
      return defineClass(name, telling, 0, telling.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Counts files: a nested class belongs to its top-level class. */
  private static String topLevel(String name) {
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private record Telling(String name) implements CodeTransform {
    @Override
    public void atStart(CodeBuilder code) {
      code.ldc(name).invokestatic(VISITS, "visit", TAKES_NAME);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      code.with(element);
    }
  }
}
