@echo off
rem Starts the command line tools; builds them on first use. Delete tools\target after source changes.
setlocal
set "ROOT=%~dp0"
set "JAR=%ROOT%tools\target\cpsample.jar"
if not exist "%JAR%" (
  echo cpsample: building ^(the first build also trains the models^) 1>&2
  pushd "%ROOT%"
  call mvnw.cmd -B -q -DskipTests package
  if errorlevel 1 ( popd & exit /b 1 )
  popd
)
if defined JAVA_HOME ( set "JAVA=%JAVA_HOME%\bin\java" ) else ( set "JAVA=java" )
"%JAVA%" -XX:+UseSerialGC %CPSAMPLE_JAVA_OPTS% -jar "%JAR%" %*
