@echo off
rem Starts the command line tools; builds them on first use. After source changes, delete
rem tools\target\cpsample.jar to have them built again.
rem CPSAMPLE_JAVA_OPTS: more options for the JVM, for instance -Xmx8g.
setlocal
set "ROOT=%~dp0"
set "JAR=%ROOT%tools\target\cpsample.jar"
if not exist "%JAR%" (
  echo cpsample: building; the first build also trains the models, about 6 minutes on two cores 1>&2
  pushd "%ROOT%"
  call mvnw.cmd -B -q -pl tools -am -DskipTests -Dspotless.check.skip package 1>&2
  if errorlevel 1 (
    echo cpsample: the build failed; run mvnw.cmd package to see all of its output 1>&2
    popd
    exit /b 1
  )
  popd
)
if defined JAVA_HOME ( set "JAVA=%JAVA_HOME%\bin\java" ) else ( set "JAVA=java" )
"%JAVA%" -XX:+UseSerialGC %CPSAMPLE_JAVA_OPTS% -jar "%JAR%" %*
exit /b %ERRORLEVEL%
